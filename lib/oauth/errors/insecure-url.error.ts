import { OAuthError } from './oauth.error.js';

/**
 * A URL that a secret or a token must not be sent to, or taken from.
 *
 * @publicApi
 */
export class InsecureUrlError extends OAuthError {
  override readonly name = 'InsecureUrlError';
  readonly code = 'ERR_INSECURE_URL';
  readonly retryable = false;

  constructor(
    readonly url: string,
    reason: string,
  ) {
    super(`${url}: ${reason}`);
  }
}
