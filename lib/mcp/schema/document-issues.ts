import type { InputIssue } from './input-schema.interface.js';
import { createIssue, MAX_ISSUES } from './issue.js';
import type { CheckResult } from './schema-compiler.js';
import { IssueMessages } from './schema.messages.js';

const MAX_VALUES_LISTED = 20;

/** Ajv's errors as issues. They name constraints, never the value. */
export function toInputIssues(errors: CheckResult): InputIssue[] {
  return errors.slice(0, MAX_ISSUES).map((error) => {
    const segments = parsePointer(error.instancePath);
    const params: Record<string, unknown> = error.params;
    switch (error.keyword) {
      case 'required':
        return createIssue(
          [...segments, String(params['missingProperty'])],
          IssueMessages.required,
        );
      case 'additionalProperties':
        return createIssue(
          [...segments, String(params['additionalProperty'])],
          IssueMessages.notAllowed,
        );
      case 'unevaluatedProperties':
        return createIssue(
          [...segments, String(params['unevaluatedProperty'])],
          IssueMessages.notAllowed,
        );
      case 'enum':
        return createIssue(segments, describeEnum(params['allowedValues']));
      default:
        return createIssue(segments, error.message ?? error.keyword);
    }
  });
}

function describeEnum(allowed: unknown): string {
  const values = Array.isArray(allowed) ? allowed : [];
  const listed = values.slice(0, MAX_VALUES_LISTED).map((value) => {
    return JSON.stringify(value);
  });
  if (values.length > MAX_VALUES_LISTED) listed.push('…');
  return IssueMessages.allowedValues(listed.join(', '));
}

/** The segments of a JSON pointer (RFC 6901). */
function parsePointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
