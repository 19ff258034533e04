import { inspectInput } from './input-guard.js';
import type { InputIssue } from './input-schema.interface.js';
import { createIssue } from './issue.js';
import { isPlainRecord } from './json-value.js';
import { IssueMessages } from './schema.messages.js';

export type JsonResult =
  | { readonly issue: InputIssue }
  | {
      readonly issue?: undefined;
      readonly value: object;
      readonly size: number;
    };

/**
 * A result as the client will read it: dates are strings, and what is not
 * JSON is gone. It is this form that must conform to the listed document.
 */
export function toJsonResult(result: object): JsonResult {
  const value = throughJson(result);
  if (!isPlainRecord(value)) {
    return { issue: createIssue([], IssueMessages.notJson) };
  }
  const { issue, size } = inspectInput(value, () => false);
  return issue ? { issue } : { value, size };
}

function throughJson(result: object): unknown {
  try {
    return JSON.parse(JSON.stringify(result)) as unknown;
  } catch {
    // A cycle, a bigint, or nested too deeply.
    return undefined;
  }
}
