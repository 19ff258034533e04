import { SCOPE_MISSING } from '../guards.messages.js';
import { KeycardException } from './keycard.exception.js';

/**
 * > The request requires higher privileges than provided by the access token.
 * > The resource server SHOULD respond with the HTTP 403 (Forbidden) status
 * > code and MAY include the "scope" attribute with the scope necessary to
 * > access the protected resource.
 *
 * @example
 * ```ts
 * throw new InsufficientScopeException('files:write');
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 * @publicApi
 */
export class InsufficientScopeException extends KeycardException {
  /** All scopes the operation needs. */
  readonly scopes: readonly string[];

  /** @param needed scopes, as a list or parted by blanks */
  constructor(needed: string | readonly string[], metadataUrl?: string) {
    const scopes = [needed].flat().flatMap((text) => text.split(' '));
    const description = SCOPE_MISSING(scopes);
    super(
      403,
      { error: 'insufficient_scope', error_description: description },
      {
        challenges: [
          {
            error: 'insufficient_scope',
            description,
            scopes,
            metadataUrl,
          },
        ],
      },
    );
    this.scopes = scopes;
  }
}
