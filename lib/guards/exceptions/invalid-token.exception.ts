import type { Challenge } from '../challenge.js';
import { TOKEN_NOT_ACCEPTED } from '../guards.messages.js';
import { KeycardException } from './keycard.exception.js';

/**
 * > The access token provided is expired, revoked, malformed, or invalid for
 * > other reasons. The resource SHOULD respond with the HTTP 401 (Unauthorized)
 * > status code.
 *
 * Which of these it was is in the cause, not in the answer.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 * @publicApi
 */
export class InvalidTokenException extends KeycardException {
  /** @param others challenges of other schemes the resource accepts */
  constructor(
    metadataUrl: string,
    scopes: readonly string[],
    cause?: unknown,
    others: readonly Challenge[] = [],
  ) {
    const challenge: Challenge = {
      error: 'invalid_token',
      description: TOKEN_NOT_ACCEPTED,
      scopes,
      metadataUrl,
    };
    super(
      401,
      { error: 'invalid_token', error_description: TOKEN_NOT_ACCEPTED },
      { challenges: [challenge, ...others], cause },
    );
  }
}
