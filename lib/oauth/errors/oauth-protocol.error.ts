import { PROTOCOL_ERROR } from '../oauth.messages.js';
import { OAuthError } from './oauth.error.js';

/** What an authorization server said when it refused. */
export interface OAuthErrorDetails {
  /** Registered or vendor error code, such as `invalid_target`. */
  readonly error: string;
  readonly errorDescription?: string;
  readonly errorUri?: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Id under which the authorization server logged the request. */
  readonly requestId?: string;
}

/**
 * The authorization server answered with an OAuth error.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @publicApi
 */
export class OAuthProtocolError extends OAuthError {
  override readonly name = 'OAuthProtocolError';
  readonly code = 'ERR_OAUTH_PROTOCOL';
  readonly error: string;
  readonly errorDescription?: string;
  readonly errorUri?: string;
  readonly status: number;
  readonly requestId?: string;

  constructor(details: OAuthErrorDetails) {
    super(PROTOCOL_ERROR(details.error));
    this.error = details.error;
    this.errorDescription = details.errorDescription;
    this.errorUri = details.errorUri;
    this.status = details.status;
    this.requestId = details.requestId;
  }

  get retryable(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}
