import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const LIB = fileURLToPath(new URL('../lib/', import.meta.url));

/** From the ground up. A floor imports only from floors below it. */
const FLOORS = [
  'oauth',
  'zone',
  'credentials',
  'verification',
  'delegation',
  'guards',
  'http',
  'metadata',
  'mcp',
  'options',
];

/** Any floor may use these; they use no floor. */
const SHARED = ['parameters', 'observability', 'replicas'];

/** Puts the floors together: providers, module, nothing else. */
const ROOF = ['', 'wiring'];

/** Entries of their own: nothing of the floors imports them. */
const ENTRIES: Record<string, readonly string[]> = {
  'local-zone': [],
  client: ['oauth'],
  a2a: [...FLOORS, ...SHARED],
  testing: [...FLOORS, ...SHARED, 'local-zone'],
};

const MAX_LINES = 250;

const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const files = filesBelow(LIB).filter((file) => file.endsWith('.ts'));

function folderOf(file: string): string {
  const path = relative(LIB, file);
  return path.includes('/') ? path.split('/')[0]! : '';
}

function allowedFrom(folder: string): readonly string[] {
  if (ROOF.includes(folder)) return [...ROOF, ...FLOORS, ...SHARED];
  if (SHARED.includes(folder)) return [];
  if (folder in ENTRIES) return ENTRIES[folder]!;
  return [...FLOORS.slice(0, FLOORS.indexOf(folder)), ...SHARED];
}

describe('the floors', () => {
  it('are all known', () => {
    const known = [...ROOF, ...FLOORS, ...SHARED, ...Object.keys(ENTRIES)];
    const found = [...new Set(files.map(folderOf))];
    expect(found.filter((folder) => !known.includes(folder))).toEqual([]);
  });

  it('import only from floors below', () => {
    const violations = files.flatMap((file) => {
      const folder = folderOf(file);
      const allowed = allowedFrom(folder);
      return [...readFileSync(file, 'utf8').matchAll(IMPORT)]
        .map(([, path]) => folderOf(join(dirname(file), path!)))
        .filter((target) => target !== folder && !allowed.includes(target))
        .map((target) => `${relative(LIB, file)} imports from ${target}`);
    });
    expect(violations).toEqual([]);
  });

  it('reach files that exist', () => {
    const missing = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(IMPORT)]
        .map(([, path]) => join(dirname(file), path!.replace(/\.js$/, '.ts')))
        .filter((path) => !statSync(path, { throwIfNoEntry: false }))
        .map((path) => `${relative(LIB, file)}: ${relative(LIB, path)}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('a file', () => {
  it(`holds one idea: no more than ${MAX_LINES} lines`, () => {
    const large = files
      .map((file) => [relative(LIB, file), linesOf(file)] as const)
      .filter(([, lines]) => lines > MAX_LINES);
    expect(large).toEqual([]);
  });

  it('has no top-level await, so that CommonJS can require the package', () => {
    const waiting = files.filter((file) =>
      /^(?:export )?(?:const .*= )?await /m.test(readFileSync(file, 'utf8')),
    );
    expect(waiting.map((file) => relative(LIB, file))).toEqual([]);
  });
});

function linesOf(file: string): number {
  return readFileSync(file, 'utf8').trimEnd().split('\n').length;
}
