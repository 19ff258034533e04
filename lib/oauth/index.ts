export { InvalidScopeError } from './errors/invalid-scope.error.js';
export { InsecureUrlError } from './errors/insecure-url.error.js';
export { OAuthError } from './errors/oauth.error.js';
export { OAuthHttpError } from './errors/oauth-http.error.js';
export { OAuthNetworkError } from './errors/oauth-network.error.js';
export {
  OAuthProtocolError,
  type OAuthErrorDetails,
} from './errors/oauth-protocol.error.js';
export { OAuthResponseError } from './errors/oauth-response.error.js';
export {
  requestClientCredentials,
  type ClientCredentialsParameters,
} from './client-credentials.js';
export {
  createHttpFetch,
  type HttpFetch,
  type HttpOptions,
} from './http-fetch.js';
export { isLoopback, parseSecureUrl } from './secure-url.js';
export { discoverServer, type ServerMetadata } from './server-metadata.js';
export {
  SUBSTITUTE_USER_TOKEN_TYPE,
  substituteUserToken,
} from './substitute-user.js';
export {
  ACCESS_TOKEN_TYPE,
  exchangeToken,
  TOKEN_EXCHANGE_GRANT,
  type TokenExchangeParameters,
} from './token-exchange.js';
export {
  requestToken,
  type ClientAuthentication,
  type TokenRequest,
  type TokenResponse,
} from './token-request.js';
