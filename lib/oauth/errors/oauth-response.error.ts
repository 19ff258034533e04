import { MALFORMED_RESPONSE } from '../oauth.messages.js';
import { OAuthError } from './oauth.error.js';

/**
 * The server answered with success, but not with what the specification asks
 * for: not JSON, a missing member, another issuer, an unexpected token type.
 *
 * @publicApi
 */
export class OAuthResponseError extends OAuthError {
  override readonly name = 'OAuthResponseError';
  readonly code = 'ERR_OAUTH_RESPONSE';
  readonly retryable = false;

  constructor(message: string = MALFORMED_RESPONSE) {
    super(message);
  }
}
