import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallAbortedError } from '../transport/call-aborted.error.js';
import type { Caller } from '../transport/transport.interfaces.js';

/** What runs a call knows of the POST that it came by. */
export interface CallingExchange {
  readonly request: IncomingMessage;
  readonly caller: Caller;
  /** Whether an answer is still owed, and there is somebody to take it. */
  readonly isOpen: boolean;
  /** Tells whoever answers that nobody wants to know. */
  whenAborted(listener: (reason: CallAbortedError) => void): void;
  /**
   * Answers the HTTP request in another way.
   *
   * @returns `false` when it is too late
   */
  refuse(write: (response: ServerResponse) => void): boolean;
}
