export const TOKEN_REQUIRED = (metadataUrl: string) =>
  `This resource needs an access token. ${metadataUrl} says where to get one.`;

export const MALFORMED_AUTHORIZATION =
  'The Authorization header must be "Bearer", one space, and one access token; the token may not be sent in any other way.';

export const TOKEN_NOT_ACCEPTED =
  'The access token is expired, malformed, or not meant for this resource.';

export const SCOPE_MISSING = (scopes: readonly string[]) =>
  `The access token needs the ${scopes.length === 1 ? 'scope' : 'scopes'} ${scopes.join(' ')}.`;

export const ZONE_DOWN =
  'The authorization server cannot be reached to check the access token. Try again.';

export const NOT_A_REQUEST =
  'The guard found no HTTP request in this context. Extend KeycardAuthGuard and override getRequest().';

export const RESOURCE_TAKEN = (first: string, second: string) =>
  `The protected resources ${first} and ${second} have the same identifier or path. Give each a path of its own.`;

export const UNKNOWN_ZONE = 'The request is for no zone of this application.';

export const PROOF_NOT_ACCEPTED =
  'Send an access token that is bound to a key with the DPoP scheme and a fresh proof of that key, and a token that is not bound with the Bearer scheme, where that is accepted.';

export const NOT_LET_IN =
  'The request was not let in by KeycardAuthGuard or KeycardMiddleware, so nobody is known to have sent it.';

export const BODY_NOT_PARSED =
  'The body must be JSON, sent as application/json: scopes depend on the tools it calls.';
