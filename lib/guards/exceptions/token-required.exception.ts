import type { Challenge } from '../challenge.js';
import { TOKEN_REQUIRED } from '../guards.messages.js';
import { KeycardException } from './keycard.exception.js';

/**
 * > If the request lacks any authentication information […] the resource
 * > server SHOULD NOT include an error code or other error information.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 * @publicApi
 */
export class TokenRequiredException extends KeycardException {
  /** @param challenges one for each scheme the resource accepts */
  constructor(metadataUrl: string, challenges: readonly Challenge[]) {
    super(
      401,
      {
        error: 'unauthorized',
        error_description: TOKEN_REQUIRED(metadataUrl),
      },
      { challenges },
    );
  }
}
