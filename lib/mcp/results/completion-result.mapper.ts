import type { CompleteResult } from '@modelcontextprotocol/sdk/types.js';
import { INVALID_SUGGESTIONS } from '../mcp.messages.js';

/** Most that a client may be sent. */
const MAX_VALUES = 100;

/**
 * Suggestions, as the protocol has them.
 *
 * @param place class and method, for messages
 * @throws TypeError for anything but a list of strings
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion
 */
export function toCompletionResult(
  value: unknown,
  place: string,
): CompleteResult {
  if (!Array.isArray(value) || !value.every(isText)) {
    throw new TypeError(INVALID_SUGGESTIONS(place));
  }
  return {
    completion: {
      values: value.slice(0, MAX_VALUES),
      total: value.length,
      hasMore: value.length > MAX_VALUES,
    },
  };
}

/** The choices that begin with what the user has typed. */
export function choicesFor(
  choices: readonly string[],
  typed: string,
): readonly string[] {
  const beginning = typed.toLowerCase();
  return choices.filter((choice) => choice.toLowerCase().startsWith(beginning));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
