import { HttpException } from '@nestjs/common';
import type { Challenge } from '../challenge.js';

/** JSON body of a refusal, in the form OAuth gives errors. */
export interface RefusalBody {
  readonly error: string;
  readonly error_description: string;
}

/** What goes with a refusal. */
export interface RefusalExtra {
  readonly challenges?: readonly Challenge[];
  readonly retryAfter?: number;
  readonly dpopNonce?: string;
  readonly cause?: unknown;
}

/**
 * A request was refused. Knows its whole answer: status, challenge and body.
 *
 * @publicApi
 */
export abstract class KeycardException extends HttpException {
  /** The `WWW-Authenticate` challenges; none when a better token would not help. */
  readonly challenges: readonly Challenge[];
  /** Nonce for the client's next proof, for the `DPoP-Nonce` header. */
  readonly dpopNonce?: string;
  /** Seconds to wait, for the `Retry-After` header. */
  readonly retryAfter?: number;

  protected constructor(
    status: number,
    body: RefusalBody,
    extra: RefusalExtra = {},
  ) {
    super(body, status, { cause: extra.cause });
    this.message = body.error_description;
    this.challenges = extra.challenges ?? [];
    this.dpopNonce = extra.dpopNonce;
    this.retryAfter = extra.retryAfter;
  }
}
