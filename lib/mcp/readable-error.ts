import { UNREADABLE_ERROR } from './mcp.messages.js';

/**
 * What was thrown, or an error in its place. Anything can be thrown, and a
 * getter or a proxy may throw when it is looked at: in the middle of answering
 * a call, that would leave the call without an answer.
 */
export function readableError(thrown: unknown): unknown {
  try {
    lookAt(thrown);
    return thrown;
  } catch {
    return new Error(UNREADABLE_ERROR);
  }
}

/** At what any logger would: kind, message and trace. */
function lookAt(thrown: unknown): void {
  Object.prototype.toString.call(thrown);
  if (thrown instanceof Error) String([thrown.message, thrown.stack]);
}
