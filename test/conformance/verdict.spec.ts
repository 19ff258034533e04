import { describe, expect, it } from 'vitest';
import { REQUIREMENTS, type Requirements } from './requirements.js';
import type { Check, SuiteRun } from './suite.js';
import { judge } from './verdict.js';

const REQUIRED: Requirements = {
  scored: { ping: 2, 'tools-list': 1 },
  unscored: { polling: 1 },
};

const check = (status: Check['status'], errorMessage?: string): Check => ({
  id: 'rule',
  status,
  ...(errorMessage && { errorMessage }),
});

const PASSED = check('SUCCESS');

const GOOD = {
  ping: [PASSED, PASSED, check('INFO')],
  'tools-list': [PASSED],
  polling: [PASSED],
};

function runOf(
  results: Record<string, readonly Check[]>,
  exitCode: number | null = 0,
): SuiteRun {
  return { results: new Map(Object.entries(results)), exitCode, output: '' };
}

describe('a run of the suite', () => {
  it('is good when everything passed', () => {
    expect(judge(runOf(GOOD), REQUIRED)).toEqual({
      scored: { passed: 2, total: 2, checks: 3 },
      unscored: { passed: 1, total: 1, checks: 1 },
      problems: [],
    });
  });

  it('may hold extensions that are not ours, and more checks than before', () => {
    const run = runOf({
      ...GOOD,
      polling: [PASSED, PASSED],
      'tasks-lifecycle': [check('FAILURE')],
      'sep-2640-skills-manifest': [check('WARNING')],
    });
    expect(judge(run, REQUIRED).problems).toEqual([]);
  });

  it.each<[string, SuiteRun, string]>([
    [
      'a check failed',
      runOf({ ...GOOD, ping: [PASSED, PASSED, check('FAILURE', 'no answer')] }),
      'ping: FAILURE rule no answer',
    ],
    [
      'a check warned',
      runOf({ ...GOOD, 'tools-list': [PASSED, check('WARNING')] }),
      'tools-list: WARNING rule',
    ],
    [
      'a check was skipped',
      runOf({ ...GOOD, polling: [PASSED, check('SKIPPED')] }),
      'polling: SKIPPED rule',
    ],
    [
      'there were fewer checks',
      runOf({ ...GOOD, ping: [PASSED] }),
      'ping: 1 checks passed instead of 2',
    ],
    [
      'there was no check',
      runOf({ ...GOOD, 'tools-list': [] }),
      'tools-list: 0 checks passed instead of 1',
    ],
    [
      'a scenario did not run',
      runOf({ ping: GOOD.ping, polling: GOOD.polling }),
      'tools-list: did not run',
    ],
    [
      'nobody knew of a scenario',
      runOf({ ...GOOD, novelty: [PASSED] }),
      'novelty: is not expected',
    ],
    ['the suite failed', runOf(GOOD, 1), 'the suite ended with code 1'],
    [
      'the suite was ended',
      runOf(GOOD, null),
      'the suite ended with code null',
    ],
  ])('is not good enough when %s', (_case, run, problem) => {
    expect(judge(run, REQUIRED).problems).toEqual([problem]);
  });
});

describe('the requirements', () => {
  it.each([
    ['2025-11-25', 30],
    ['2026-07-28', 37],
  ] as const)('of %s are %d scenarios', (revision, count) => {
    const { scored, unscored } = REQUIREMENTS[revision];
    expect(Object.keys(scored)).toHaveLength(count);
    const least = [...Object.values(scored), ...Object.values(unscored)];
    expect(Math.min(...least)).toBeGreaterThan(0);
  });
});
