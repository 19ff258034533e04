import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.js';

/**
 * A call that is to be refused by HTTP although it has begun: its scopes
 * depended on its arguments. Once anything has been sent that is too late, and
 * the fallback is the answer.
 */
export class CallRefusalError extends Error {
  override readonly name = 'CallRefusalError';

  /**
   * @param write answers the HTTP request
   * @param fallback the JSON-RPC answer when that is not possible any more
   */
  constructor(
    readonly write: (response: ServerResponse) => void,
    readonly fallback: Answer,
  ) {
    super();
  }
}
