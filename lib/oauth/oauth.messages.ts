export const INSECURE_URL = 'must use https, or http on a loopback address';
export const REDIRECT_REFUSED = 'the server answered with a redirect';
export const RESPONSE_TOO_LARGE = 'the response is too large';
export const NETWORK_FAILURE = 'the server could not be reached';
export const TIMED_OUT = 'the server did not answer in time';
export const NO_TOKEN_ENDPOINT =
  'the authorization server metadata has no token endpoint';
export const FOREIGN_ENDPOINT =
  'the endpoint is on another origin than the issuer';
export const MALFORMED_RESPONSE = 'the response is malformed';
export const UNEXPECTED_TOKEN_TYPE =
  'the response has an unexpected token type';
export const ISSUER_MISMATCH =
  'the metadata names another issuer than the one asked for';

export const HTTP_STATUS = (status: number) =>
  `the server answered with status ${status}`;
export const PROTOCOL_ERROR = (error: string) =>
  `the authorization server refused the request: ${error}`;

export const INVALID_SCOPE = (scope: string) =>
  `${JSON.stringify(scope)} is not a scope: use printable ASCII characters other than space, quotation mark and backslash.`;
