import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Revision } from './requirements.js';

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';

/** The suite needs a newer Node.js than the server under test. */
const RUNTIME = 'node@24';

const SCENARIO_TIMEOUT = 15_000;
const RUN_TIMEOUT = 300_000;

/** What the suite found out about one rule of the protocol. */
export interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** What the suite found out, and said. */
export interface SuiteRun {
  /** Checks by the name of their scenario. */
  readonly results: ReadonlyMap<string, readonly Check[]>;
  /** 0 when the suite itself is content with the scored scenarios. */
  readonly exitCode: number | null;
  readonly output: string;
}

/**
 * Runs everything that a revision asks of servers.
 *
 * @param folder for what the suite writes; must hold no results yet
 * @throws Error when there are no results
 */
export async function runSuite(
  url: string,
  revision: Revision,
  folder: string,
): Promise<SuiteRun> {
  await mkdir(folder, { recursive: true });
  const { exitCode, output } = await runCommand('npx', [
    '--yes',
    `--package=${RUNTIME}`,
    `--package=${SUITE}`,
    '--',
    'conformance',
    'server',
    `--url=${url}`,
    `--requirements=${revision}`,
    `--timeout=${SCENARIO_TIMEOUT}`,
    `--output-dir=${folder}`,
  ]);
  const results = await readResults(folder);
  if (results.size === 0) throw new Error(`The suite did not run: ${output}`);
  return { results, exitCode, output };
}

async function runCommand(
  file: string,
  args: readonly string[],
): Promise<Pick<SuiteRun, 'exitCode' | 'output'>> {
  // A group of its own: npx does not end what it started.
  const child = spawn(file, args, { detached: true });
  const timer = setTimeout(() => process.kill(-child.pid!), RUN_TIMEOUT);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, output };
  } finally {
    clearTimeout(timer);
  }
}

/** Each scenario that was run has a folder `server-<scenario>-<time>`. */
async function readResults(folder: string): Promise<SuiteRun['results']> {
  const results = new Map<string, readonly Check[]>();
  for (const name of await readdir(folder)) {
    const file = join(folder, name, 'checks.json');
    // Without it, the scenario came to no end.
    if (!existsSync(file)) continue;
    const checks = JSON.parse(await readFile(file, 'utf8')) as Check[];
    results.set(scenarioOf(name), checks);
  }
  return results;
}

function scenarioOf(folder: string): string {
  return folder
    .replace(/^server-/, '')
    .replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '');
}
