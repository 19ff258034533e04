/**
 * Runs the official conformance suite against an application with everything
 * the suite asks for, behind the real guard, on both HTTP adapters. Prints one
 * line a revision, and fails when anything is missing.
 *
 * `--verbose` prints what the suite says, `--output-dir=<folder>` keeps what it
 * found.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ADAPTERS } from '../support/adapters.js';
import { AuthorizingProxy } from './authorizing-proxy.js';
import { EverythingServer } from './everything/everything.server.js';
import { findHoles } from './protection.js';
import { problemsIn, summaryOf } from './report.js';
import { REQUIREMENTS, type Revision } from './requirements.js';
import { runSuite } from './suite.js';
import { judge, type Verdict } from './verdict.js';

const { values: options } = parseArgs({
  options: {
    verbose: { type: 'boolean', short: 'v', default: false },
    'output-dir': { type: 'string', short: 'o' },
  },
});
const temporary = await mkdtemp(join(tmpdir(), 'conformance-'));
const output = resolve(options['output-dir'] ?? temporary);
try {
  for (const revision of Object.keys(REQUIREMENTS) as Revision[]) {
    const verdicts = new Map<string, Verdict>();
    for (const [adapter, createAdapter] of ADAPTERS) {
      const folder = join(output, revision, adapter);
      verdicts.set(adapter, await test(revision, createAdapter(), folder));
    }
    console.log(`${revision}: ${summaryOf(verdicts)}`);
    for (const problem of problemsIn(verdicts)) {
      console.error(`${revision} ${problem}`);
      process.exitCode = 1;
    }
  }
} finally {
  await rm(temporary, { recursive: true });
}

async function test(
  revision: Revision,
  adapter: AbstractHttpAdapter,
  folder: string,
): Promise<Verdict> {
  await using server = await EverythingServer.start(adapter);
  const holes = await findHoles(server.url);
  await using proxy = await AuthorizingProxy.start(server.url, server.token);
  const run = await runSuite(proxy.url, revision, folder);
  if (options.verbose) console.log(run.output);
  const verdict = judge(run, REQUIREMENTS[revision]);
  return { ...verdict, problems: [...holes, ...verdict.problems] };
}
