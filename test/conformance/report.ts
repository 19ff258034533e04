import type { Score, Verdict } from './verdict.js';

/** What the suite found on each HTTP adapter. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** All of it, in one line. */
export function summaryOf(verdicts: Verdicts): string {
  return [...verdicts]
    .map(([adapter, { scored, unscored }]) => {
      return `${adapter} ${inWords(scored)}, unscored ${inWords(unscored)}`;
    })
    .join('; ');
}

/** What is not good enough, and where. */
export function problemsIn(verdicts: Verdicts): string[] {
  return [...verdicts].flatMap(([adapter, { problems }]) =>
    problems.map((problem) => `${adapter}: ${problem}`),
  );
}

function inWords({ passed, total, checks }: Score): string {
  return `${passed}/${total} (${checks} checks)`;
}
