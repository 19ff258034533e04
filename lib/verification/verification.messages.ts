import type { InvalidTokenReason } from './invalid-token.error.js';

/** What a log line says. A caller is told only that the token is not accepted. */
export const INVALID_TOKEN: Record<InvalidTokenReason, string> = {
  malformed: 'the token is not a compact JWS with JSON header and claims',
  issuer: 'the token was issued by another issuer',
  expired: 'the token has expired',
  not_active: 'the token is not valid yet',
  algorithm: 'the token is signed with an algorithm that is not accepted',
  type: 'the token is of a type that is not accepted as an access token',
  critical: 'the token demands extensions that are not supported',
  key: 'the token is signed with a key the issuer does not publish',
  signature: 'the signature of the token is wrong',
  claims: 'the token lacks a required claim, or has one of the wrong type',
  bound: 'the token is bound to a key that was not proved',
  inactive: 'the issuer says that the token is not active',
  audience: 'the token was issued for another resource',
};

export const NO_KEY_SET =
  'the authorization server metadata names no key set (jwks_uri)';
