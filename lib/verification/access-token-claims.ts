import type { JWTPayload } from 'jose';
import { InvalidTokenError } from './invalid-token.error.js';

/** Seconds that the clock of an issuer may be ahead of ours. */
const MAX_ISSUED_AHEAD = 300;

/** The claims every access token must have, with their types checked. */
export interface AccessTokenClaims {
  readonly subject: string;
  readonly clientId: string;
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly expiresAt: number;
}

/**
 * Reads the claims of a token. Odd types in optional claims count as absent,
 * in required claims as an invalid token; nothing in a token is a crash.
 *
 * @throws InvalidTokenError with reason `claims`
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export function readAccessTokenClaims(claims: JWTPayload): AccessTokenClaims {
  return {
    subject: requiredText(claims.sub),
    clientId: requiredText(claims.client_id),
    audience: requiredTexts(claims.aud),
    scopes: readScopes(claims),
    resources: texts(claims.resource),
    expiresAt: requiredTimes(claims),
  };
}

function requiredText(value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new InvalidTokenError('claims');
  }
  return value;
}

function requiredTexts(value: unknown): readonly string[] {
  const list = texts(value);
  if (list.length === 0) throw new InvalidTokenError('claims');
  return list;
}

function requiredTimes(claims: JWTPayload): number {
  const { iat, exp } = claims;
  if (!isTime(exp) || !isTime(iat)) throw new InvalidTokenError('claims');
  if (iat > Date.now() / 1000 + MAX_ISSUED_AHEAD) {
    throw new InvalidTokenError('claims');
  }
  return exp;
}

/** JSON can spell numbers that a clock cannot: `1e400` is `Infinity`. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

/** `scope` as RFC 8693 has it, or a list, or `scp` where `scope` is absent. */
function readScopes(claims: JWTPayload): readonly string[] {
  const value = claims.scope ?? claims.scp;
  const list = typeof value === 'string' ? value.split(/\s+/) : texts(value);
  return [...new Set(list.filter(Boolean))];
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (!Array.isArray(value)) return [];
  return value.every((item) => typeof item === 'string')
    ? (value as string[])
    : [];
}
