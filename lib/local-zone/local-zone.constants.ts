/**
 * Grant types of the zone's token endpoint.
 *
 * @example
 * ```ts
 * expect(zone.count('token', GrantType.TokenExchange)).toBe(1);
 * ```
 * @publicApi
 */
export const GrantType = {
  AuthorizationCode: 'authorization_code',
  RefreshToken: 'refresh_token',
  ClientCredentials: 'client_credentials',
  TokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
} as const;

/**
 * Token types of an exchange.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-3
 * @publicApi
 */
export const TokenType = {
  AccessToken: 'urn:ietf:params:oauth:token-type:access_token',
  Jwt: 'urn:ietf:params:oauth:token-type:jwt',
  SubstituteUser: 'urn:keycard:params:oauth:token-type:substitute-user',
} as const;

/** Header type of the unsigned token that names an impersonated user. */
export const SUBSTITUTE_USER_JWT_TYPE = 'vnd.kc.su+jwt';

/** Header type of the zone's access tokens, RFC 9068. */
export const ACCESS_TOKEN_JWT_TYPE = 'at+jwt';

export const CLIENT_ASSERTION_TYPE =
  'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The only algorithm the zone signs with. */
export const SIGNING_ALGORITHM = 'RS256';

/** Scopes of the zone itself; all others belong to a resource. */
export const SERVER_SCOPES = ['openid', 'offline_access'];

/** The zone's own client: the one that signs users in on a connect link. */
export const CONNECT_CLIENT_ID = 'zone-connect';
