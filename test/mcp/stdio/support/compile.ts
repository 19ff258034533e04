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

const LOCAL_PROGRAM = 'test/mcp/stdio/support/local.program.ts';

/**
 * Compiles a program, with the library's sources in it.
 *
 * @param entry from the root of the repository
 */
export async function compile(entry = LOCAL_PROGRAM): Promise<CompiledProgram> {
  const outDir = join(
    ROOT,
    'node_modules',
    `.stdio-${process.pid}-${performance.now()}`,
  );
  await build({
    root: ROOT,
    configFile: join(ROOT, 'vitest.config.ts'),
    logLevel: 'silent',
    build: {
      ssr: join(ROOT, entry),
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
