import { NETWORK_FAILURE } from '../oauth.messages.js';
import { OAuthError } from './oauth.error.js';

/**
 * No answer: refused connection, unknown host, timeout.
 *
 * @publicApi
 */
export class OAuthNetworkError extends OAuthError {
  override readonly name = 'OAuthNetworkError';
  readonly code = 'ERR_OAUTH_NETWORK';
  readonly retryable = true;

  constructor(message: string = NETWORK_FAILURE, options?: ErrorOptions) {
    super(message, options);
  }
}
