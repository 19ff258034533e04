import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** A program for a process of its own. */
export interface CompiledProgram extends Disposable {
  /** Path of the script to run. */
  readonly script: string;
}

/** Compiles a program of this folder, with the library's sources in it. */
export async function compile(program: string): Promise<CompiledProgram> {
  const outDir = join(
    ROOT,
    'node_modules',
    `.stdio-${program}-${process.pid}-${performance.now()}`,
  );
  await build({
    root: ROOT,
    configFile: join(ROOT, 'vitest.config.ts'),
    logLevel: 'silent',
    build: {
      ssr: fileURLToPath(new URL(`${program}.ts`, import.meta.url)),
      outDir,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'main.mjs' } },
    },
  });
  return {
    script: join(outDir, 'main.mjs'),
    [Symbol.dispose]: () => rmSync(outDir, { recursive: true, force: true }),
  };
}
