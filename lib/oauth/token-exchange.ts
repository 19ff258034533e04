import { OAuthResponseError } from './errors/oauth-response.error.js';
import { UNEXPECTED_TOKEN_TYPE } from './oauth.messages.js';
import type { TokenRequest, TokenResponse } from './token-request.js';
import { requestToken } from './token-request.js';

/** @see https://www.rfc-editor.org/rfc/rfc8693#section-2.1 */
export const TOKEN_EXCHANGE_GRANT =
  'urn:ietf:params:oauth:grant-type:token-exchange';

/** @see https://www.rfc-editor.org/rfc/rfc8693#section-3 */
export const ACCESS_TOKEN_TYPE =
  'urn:ietf:params:oauth:token-type:access_token';

// An access token may also be announced by its format.
const ISSUED_TOKEN_TYPES = [
  ACCESS_TOKEN_TYPE,
  'urn:ietf:params:oauth:token-type:jwt',
];

/** What to exchange, and for what. */
export interface TokenExchangeParameters {
  readonly subjectToken: string;
  /** @default 'urn:ietf:params:oauth:token-type:access_token' */
  readonly subjectTokenType?: string;
  /** Identifier of the API the token is for, exactly as the server knows it. */
  readonly resource?: string;
  /** Logical name of the API, for servers that go by names. */
  readonly audience?: string;
  readonly scopes?: readonly string[];
  /** Who acts for the subject. */
  readonly actorToken?: string;
  /** Required with an actor token. */
  readonly actorTokenType?: string;
}

/**
 * Exchanges a token for one that is meant for another resource.
 *
 * @throws OAuthProtocolError, OAuthHttpError, OAuthNetworkError, OAuthResponseError, InsecureUrlError, TypeError
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-2
 * @publicApi
 */
export async function exchangeToken(
  exchange: TokenExchangeParameters,
  request: Omit<TokenRequest, 'grantType' | 'parameters'>,
): Promise<TokenResponse> {
  const { subjectToken, actorToken } = exchange;
  assertToken('subject', subjectToken);
  if (actorToken !== undefined) assertToken('actor', actorToken);
  const parameters = new URLSearchParams();
  if (exchange.resource) parameters.set('resource', exchange.resource);
  if (exchange.audience) parameters.set('audience', exchange.audience);
  // An empty scope is not the same as none: some servers then issue nothing.
  if (exchange.scopes?.length) {
    parameters.set('scope', exchange.scopes.join(' '));
  }
  parameters.set('subject_token', subjectToken);
  parameters.set(
    'subject_token_type',
    exchange.subjectTokenType ?? ACCESS_TOKEN_TYPE,
  );
  if (actorToken !== undefined) {
    parameters.set('actor_token', actorToken);
    parameters.set(
      'actor_token_type',
      exchange.actorTokenType ?? ACCESS_TOKEN_TYPE,
    );
  }
  const response = await requestToken({
    ...request,
    grantType: TOKEN_EXCHANGE_GRANT,
    parameters,
  });
  const { issuedTokenType = ACCESS_TOKEN_TYPE } = response;
  if (!ISSUED_TOKEN_TYPES.includes(issuedTokenType)) {
    throw new OAuthResponseError(UNEXPECTED_TOKEN_TYPE);
  }
  return response;
}

/** A token left out, or `undefined` as a text, would be another exchange. */
function assertToken(role: 'subject' | 'actor', token: unknown): void {
  if (typeof token === 'string' && token.trim() !== '') return;
  throw new TypeError(`the ${role} token must be a non-empty string`);
}
