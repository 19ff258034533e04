import { MALFORMED_AUTHORIZATION } from '../guards.messages.js';
import { KeycardException } from './keycard.exception.js';

/**
 * > The request […] repeats the same parameter, uses more than one method for
 * > including an access token, or is otherwise malformed. The resource server
 * > SHOULD respond with the HTTP 400 (Bad Request) status code.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 * @publicApi
 */
export class InvalidAuthorizationException extends KeycardException {
  constructor(metadataUrl: string) {
    super(
      400,
      { error: 'invalid_request', error_description: MALFORMED_AUTHORIZATION },
      {
        challenges: [
          {
            error: 'invalid_request',
            description: MALFORMED_AUTHORIZATION,
            metadataUrl,
          },
        ],
      },
    );
  }
}
