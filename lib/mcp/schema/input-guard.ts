import type { InputIssue } from './input-schema.interface.js';
import { createIssue } from './issue.js';
import { IssueMessages } from './schema.messages.js';

/**
 * How deep an input may nest. Validators recurse, and a few kilobytes of
 * brackets would otherwise exhaust the stack.
 */
export const MAX_DEPTH = 128;

/** What is known about an input before a validator sees it. */
export interface Inspection {
  /** Why no validator may see it. */
  readonly issue?: InputIssue;
  /** How many values it holds, counted at all levels. */
  readonly size: number;
}

/** `JSON.parse` makes it a property like any other; code after it may not. */
export function isPrototypeKey(key: string): boolean {
  return key === '__proto__';
}

/**
 * Names that every object has. class-transformer drops them without a word,
 * or calls `constructor`, so an input to a class must not have them.
 */
export function isInheritedKey(key: string): boolean {
  return Object.hasOwn(Object.prototype, key);
}

/**
 * Walks an input, without recursion, in search of what would harm a
 * validator.
 */
export function inspectInput(
  input: object,
  isForbiddenKey: (key: string) => boolean,
): Inspection {
  let level: object[] = [input];
  let size = 1;
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      return { size, issue: createIssue([], IssueMessages.tooDeep(MAX_DEPTH)) };
    }
    const next: object[] = [];
    for (const value of level) {
      const key = Array.isArray(value)
        ? undefined
        : Object.keys(value).find(isForbiddenKey);
      if (key !== undefined) {
        return {
          size,
          issue: createIssue([], IssueMessages.forbiddenKey(key)),
        };
      }
      for (const member of Object.values(value)) {
        size++;
        if (typeof member === 'object' && member !== null) next.push(member);
      }
    }
    level = next;
  }
  return { size };
}
