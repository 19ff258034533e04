import type { InputIssue } from './input-schema.interface.js';
import { IssueMessages } from './schema.messages.js';

/**
 * The issues in one sentence, for a model that is to correct its call.
 *
 * @example
 * ```ts
 * renderIssues([{ path: 'max', message: 'must be a number' }]);
 * // Invalid arguments: max: must be a number
 * ```
 */
export function renderIssues(issues: readonly InputIssue[]): string {
  if (issues.length === 0) return IssueMessages.heading;
  const parts = issues.map(({ path, message }) =>
    path === '' ? message : `${path}: ${message}`,
  );
  return `${IssueMessages.heading}: ${parts.join('; ')}`;
}
