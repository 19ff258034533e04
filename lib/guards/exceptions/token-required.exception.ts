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
  constructor(metadataUrl: string, scopes: readonly string[]) {
    super(
      401,
      {
        error: 'unauthorized',
        error_description: TOKEN_REQUIRED(metadataUrl),
      },
      { challenge: { scopes, metadataUrl } },
    );
  }
}
