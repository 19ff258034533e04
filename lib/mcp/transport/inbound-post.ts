import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Session } from './session.js';
import type { Caller } from './transport.interfaces.js';

/** A POST that was let in, with its body read and its session found. */
export interface InboundPost {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly body: unknown;
  readonly session: Session | undefined;
}
