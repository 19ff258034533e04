import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(
  ([, code]) => code!,
);

/** Messages of the compiler about a program of one file. */
function compile(code: string): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ) as { config: object };
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.readme-'));
  try {
    const file = join(folder, 'snippet.ts');
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(file, `import 'reflect-metadata';\n${code}\nexport {};\n`);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const program = ts.createProgram([file], {
      ...options,
      declaration: false,
      declarationMap: false,
      noUnusedLocals: false,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) =>
        ts.flattenDiagnosticMessageText(messageText, '\n'),
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('README.md', () => {
  it('says the two commands in its first screen', () => {
    const screen = readme.split('\n').slice(0, 20).join('\n');
    expect(screen).toContain('npm ci && npm start');
    expect(screen).toContain('npm ci && npm test');
  });

  it('starts with a quick start of 30 lines', () => {
    expect(snippets[0]!.split('\n').length).toBeLessThanOrEqual(31);
  });

  it.each(snippets.map((code) => [code.split('\n')[0]!, code]))(
    'compiles: %s',
    (_title, code) => {
      expect(compile(code)).toEqual([]);
    },
    60_000,
  );
});
