import { ZONE_DOWN } from '../guards.messages.js';
import { KeycardException } from './keycard.exception.js';

const RETRY_AFTER = 5;

/**
 * The zone is down. Says nothing about the token, so there is no challenge: a
 * client that saw one would throw a good token away.
 *
 * @publicApi
 */
export class ZoneDownException extends KeycardException {
  constructor(cause?: unknown) {
    super(
      503,
      { error: 'temporarily_unavailable', error_description: ZONE_DOWN },
      { retryAfter: RETRY_AFTER, cause },
    );
  }
}
