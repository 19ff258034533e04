import type { ValidationError } from 'class-validator';
import type { InputIssue } from './input-schema.interface.js';
import { createIssue, MAX_ISSUES } from './issue.js';
import { withoutValue } from './issue-redaction.js';
import { IssueMessages } from './schema.messages.js';

const INDEX = /^\d+$/;

/** The tree of class-validator's errors as a list. */
export function flattenErrors(
  errors: readonly ValidationError[],
  input: object,
): InputIssue[] {
  const issues: InputIssue[] = [];
  collect(errors, [], input, issues);
  return issues;
}

function collect(
  errors: readonly ValidationError[],
  parent: readonly string[],
  input: object,
  issues: InputIssue[],
): void {
  for (const { property, constraints, children } of errors) {
    if (issues.length >= MAX_ISSUES) return;
    // An unknown value has no property of its own.
    const path = property === undefined ? parent : [...parent, property];
    for (const [rule, text] of Object.entries(constraints ?? {})) {
      const message = withoutValue(describe(rule, text, path), input, path);
      issues.push(createIssue(path, message));
    }
    collect(children ?? [], path, input, issues);
  }
}

function describe(rule: string, text: string, path: readonly string[]): string {
  if (rule === 'whitelistValidation') return IssueMessages.notAllowed;
  if (rule === 'unknownValue') return IssueMessages.objectExpected;
  return withoutSubject(text, path);
}

/** The path stands before the message, so the message need not repeat it. */
function withoutSubject(text: string, path: readonly string[]): string {
  // A rule on the items of a list names the list.
  const name = path.findLast((segment) => !INDEX.test(segment));
  const isItem = path.at(-1) !== name;
  for (const subject of [`nested property ${name} `, `${name} `]) {
    if (text.startsWith(subject)) return text.slice(subject.length);
    const each = `each value in ${subject}`;
    if (text.startsWith(each)) {
      return `${isItem ? '' : 'each value '}${text.slice(each.length)}`;
    }
  }
  return text;
}
