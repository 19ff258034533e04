import { UNKNOWN_ZONE } from '../guards.messages.js';
import { KeycardException } from './keycard.exception.js';

/**
 * The request names no zone of the application, so no token can be good for
 * it. Nothing was asked of any server.
 *
 * @publicApi
 */
export class UnknownZoneException extends KeycardException {
  constructor() {
    super(
      401,
      { error: 'invalid_token', error_description: UNKNOWN_ZONE },
      { challenges: [{ error: 'invalid_token', description: UNKNOWN_ZONE }] },
    );
  }
}
