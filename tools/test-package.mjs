// Packs the package, and loads each of its entries from the tarball, as an ES
// module and by require().
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'package-'));

try {
  const [{ filename, files }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  const stray = files
    .map(({ path }) => path)
    .filter((path) => !/^(dist\/|package\.json$|[A-Z]+(\.md)?$)/.test(path));
  if (stray.length > 0) throw new Error(`Stray files: ${stray.join(', ')}`);

  execFileSync('tar', ['xzf', join(folder, filename), '-C', folder]);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  cpSync(join(folder, 'package'), join(modules, name), { recursive: true });
  linkDependencies(modules);

  const entries = Object.keys(exports)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => name + entry.slice(1));
  for (const entry of entries) {
    run(folder, ['--input-type=module', '-e', `await import('${entry}')`]);
    run(folder, ['--input-type=commonjs', '-e', `require('${entry}')`]);
    console.log(`ok: ${entry}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The package resolves its peers as in an application that has them. */
function linkDependencies(modules) {
  for (const entry of execFileSync('ls', ['-A', 'node_modules'], {
    encoding: 'utf8',
  }).split('\n')) {
    if (!entry || entry === name || entry.startsWith('.')) continue;
    symlinkSync(resolve('node_modules', entry), join(modules, entry));
  }
}

function run(cwd, args) {
  execFileSync(process.execPath, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
