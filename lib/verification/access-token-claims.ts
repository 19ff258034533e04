import type { JWTPayload } from 'jose';
import { InvalidTokenError } from './invalid-token.error.js';

/** Seconds that the clock of an issuer may be ahead of ours. */
const MAX_ISSUED_AHEAD = 300;

/** What claims are read against. */
export interface ClaimPolicy {
  /** Seconds that clocks may differ. */
  readonly clockTolerance: number;
  /** Demand a `jti`. */
  readonly strict: boolean;
}

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
 * Reads the claims of a token and checks what does not depend on who reads
 * them. Odd types in optional claims count as absent, in required claims as an
 * invalid token; nothing in a token is a crash.
 *
 * @throws InvalidTokenError
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export function readAccessTokenClaims(
  claims: JWTPayload,
  { clockTolerance, strict }: ClaimPolicy,
): AccessTokenClaims {
  if (strict) requiredText(claims.jti);
  return {
    subject: requiredText(claims.sub),
    clientId: requiredText(claims.client_id),
    audience: requiredTexts(claims.aud),
    scopes: readScopes(claims),
    resources: texts(claims.resource),
    expiresAt: readTimes(claims, clockTolerance),
  };
}

/** @throws InvalidTokenError with reason `expired` */
export function assertNotExpired(
  expiresAt: number,
  clockTolerance: number,
): void {
  if (expiresAt <= Date.now() / 1000 - clockTolerance) {
    throw new InvalidTokenError('expired');
  }
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

function readTimes(
  { iat, exp, nbf }: JWTPayload,
  clockTolerance: number,
): number {
  const now = Date.now() / 1000;
  if (!isTime(exp) || !isTime(iat) || iat > now + MAX_ISSUED_AHEAD) {
    throw new InvalidTokenError('claims');
  }
  assertNotExpired(exp, clockTolerance);
  if (nbf === undefined) return exp;
  if (!Number.isFinite(nbf)) throw new InvalidTokenError('claims');
  if (nbf > now + clockTolerance) throw new InvalidTokenError('not_active');
  return exp;
}

/** JSON can spell numbers that a clock cannot: `1e400` is `Infinity`. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

// Blanks of other scripts are part of a name, as the issuer sees it.
const BLANKS = /[\t\n\f\r ]+/;

/** `scope` as RFC 8693 has it, or a list, or `scp` where `scope` is absent. */
function readScopes(claims: JWTPayload): readonly string[] {
  const value = claims.scope ?? claims.scp;
  const list = typeof value === 'string' ? value.split(BLANKS) : texts(value);
  return [...new Set(list.filter(Boolean))];
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (!Array.isArray(value)) return [];
  return value.every((item) => typeof item === 'string') ? value : [];
}
