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
  /** @param challenges one for each scheme the resource accepts */
  constructor(challenges: readonly Challenge[], cause?: unknown) {
    super(
      401,
      { error: 'invalid_token', error_description: TOKEN_NOT_ACCEPTED },
      { challenges, cause },
    );
  }
}
