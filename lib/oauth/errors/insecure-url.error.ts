import { withoutCredentials } from '../url-credentials.js';
import { OAuthError } from './oauth.error.js';

/**
 * A URL that a secret or a token must not be sent to, or taken from. A password
 * in the URL is not repeated.
 *
 * @publicApi
 */
export class InsecureUrlError extends OAuthError {
  override readonly name = 'InsecureUrlError';
  readonly code = 'ERR_INSECURE_URL';
  readonly retryable = false;

  readonly url: string;

  constructor(url: string, reason: string) {
    const shown = withoutCredentials(url);
    super(`${shown}: ${reason}`);
    this.url = shown;
  }
}
