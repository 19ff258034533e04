import type { InputIssue, InputOutcome } from './input-schema.interface.js';

/** More would only cost the model tokens. */
export const MAX_ISSUES = 20;

// Keys and custom messages may hold what the caller sent: both are bounded.
const MAX_PATH_LENGTH = 120;
const MAX_MESSAGE_LENGTH = 300;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const INDEX = /^\d+$/;
const CONTROL_CHARACTERS = /\p{Cc}+/gu;

/** Writes a path the way JavaScript would: `attendees[0].email`. */
export function formatPath(segments: readonly PropertyKey[]): string {
  let path = '';
  for (const segment of segments) {
    const name = String(segment);
    if (INDEX.test(name)) {
      path += `[${name}]`;
    } else if (IDENTIFIER.test(name)) {
      path += path === '' ? name : `.${name}`;
    } else {
      path += `[${JSON.stringify(name)}]`;
    }
    if (path.length > MAX_PATH_LENGTH) break;
  }
  return bounded(path, MAX_PATH_LENGTH);
}

/** An issue that is short, on one line, and safe to show. */
export function createIssue(
  segments: readonly PropertyKey[],
  message: string,
): InputIssue {
  return {
    path: formatPath(segments),
    message: bounded(message, MAX_MESSAGE_LENGTH),
  };
}

/** A failed outcome with at most {@link MAX_ISSUES} issues. */
export function failed(issues: readonly InputIssue[]): InputOutcome {
  return { ok: false, issues: issues.slice(0, MAX_ISSUES) };
}

function bounded(text: string, length: number): string {
  const line = text.slice(0, length + 1).replace(CONTROL_CHARACTERS, ' ');
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
