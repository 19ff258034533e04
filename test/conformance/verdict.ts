import {
  FOREIGN_EXTENSIONS,
  type Requirements,
  type Scenarios,
} from './requirements.js';
import type { Check, SuiteRun } from './suite.js';

/** How many of some scenarios passed. */
export interface Score {
  readonly passed: number;
  readonly total: number;
  /** Checks that passed, in all of them. */
  readonly checks: number;
}

/** What a run of the suite is worth. */
export interface Verdict {
  readonly scored: Score;
  readonly unscored: Score;
  /** Why it is not good enough; empty when it is. */
  readonly problems: readonly string[];
}

/**
 * Compares what the suite found with what it must find. Warnings count as
 * failures, and so do checks that were skipped, or are fewer than they were.
 */
export function judge(run: SuiteRun, required: Requirements): Verdict {
  const { results, exitCode } = run;
  const expected = { ...required.scored, ...required.unscored };
  const unexpected = [...results.keys()].filter(
    (scenario) => !(scenario in expected) && !FOREIGN_EXTENSIONS.test(scenario),
  );
  return {
    scored: scoreOf(results, required.scored),
    unscored: scoreOf(results, required.unscored),
    problems: [
      ...Object.entries(expected).flatMap(([scenario, least]) =>
        problemsOf(results.get(scenario), least).map(
          (problem) => `${scenario}: ${problem}`,
        ),
      ),
      ...unexpected.map((scenario) => `${scenario}: is not expected`),
      ...(exitCode === 0 ? [] : [`the suite ended with code ${exitCode}`]),
    ],
  };
}

function scoreOf(results: SuiteRun['results'], scenarios: Scenarios): Score {
  const names = Object.keys(scenarios);
  const passed = names.filter(
    (name) => problemsOf(results.get(name), scenarios[name]!).length === 0,
  );
  const checks = names.map((name) => countPassed(results.get(name) ?? []));
  return {
    passed: passed.length,
    total: names.length,
    checks: checks.reduce((sum, count) => sum + count, 0),
  };
}

function problemsOf(
  checks: readonly Check[] | undefined,
  least: number,
): string[] {
  if (!checks) return ['did not run'];
  const problems = checks
    .filter(({ status }) => status !== 'SUCCESS' && status !== 'INFO')
    .map(({ id, status, errorMessage = '' }) =>
      `${status} ${id} ${errorMessage}`.trimEnd(),
    );
  const passed = countPassed(checks);
  return passed < least
    ? [...problems, `${passed} checks passed instead of ${least}`]
    : problems;
}

function countPassed(checks: readonly Check[]): number {
  return checks.filter(({ status }) => status === 'SUCCESS').length;
}
