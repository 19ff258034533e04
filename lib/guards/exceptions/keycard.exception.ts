import { HttpException } from '@nestjs/common';
import type { Challenge } from '../challenge.js';

/** JSON body of a refusal, in the form OAuth gives errors. */
export interface RefusalBody {
  readonly error: string;
  readonly error_description: string;
}

/**
 * A request was refused. Knows its whole answer: status, challenge and body.
 *
 * @publicApi
 */
export abstract class KeycardException extends HttpException {
  /** The `WWW-Authenticate` challenge; none when a better token would not help. */
  readonly challenge?: Challenge;
  /** Seconds to wait, for the `Retry-After` header. */
  readonly retryAfter?: number;

  protected constructor(
    status: number,
    body: RefusalBody,
    extra: { challenge?: Challenge; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(body, status, { cause: extra.cause });
    this.message = body.error_description;
    this.challenge = extra.challenge;
    this.retryAfter = extra.retryAfter;
  }
}
