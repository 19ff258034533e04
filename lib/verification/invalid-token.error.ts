import { INVALID_TOKEN } from './verification.messages.js';

/** Why a token was refused. */
export type InvalidTokenReason =
  | 'malformed'
  | 'issuer'
  | 'expired'
  | 'not_active'
  | 'algorithm'
  | 'type'
  | 'critical'
  | 'key'
  | 'signature'
  | 'claims'
  | 'bound'
  | 'inactive'
  | 'audience';

/**
 * A token was looked at and refused. Never carries the token, nor anything
 * taken from it.
 *
 * @publicApi
 */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
  readonly code = 'ERR_INVALID_TOKEN';

  constructor(readonly reason: InvalidTokenReason) {
    super(INVALID_TOKEN[reason]);
  }
}
