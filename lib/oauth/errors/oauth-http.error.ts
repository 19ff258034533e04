import { HTTP_STATUS } from '../oauth.messages.js';
import { OAuthError } from './oauth.error.js';

/**
 * The server answered with a status that is neither success nor an OAuth
 * error: an outage, a proxy's page, a redirect.
 *
 * @publicApi
 */
export class OAuthHttpError extends OAuthError {
  override readonly name = 'OAuthHttpError';
  readonly code = 'ERR_OAUTH_HTTP';

  constructor(
    readonly status: number,
    message: string = HTTP_STATUS(status),
  ) {
    super(message);
  }

  get retryable(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}
