import type { JWTPayload } from 'jose';
import { InvalidTokenError } from './invalid-token.error.js';
import { hasRepeatedMembers } from './repeated-members.js';

/** Longest token looked at, in characters. */
const MAX_TOKEN_LENGTH = 16_384;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The parts of a token, decoded but not verified. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<JWTPayload>;
}

/** A compact JWS of anything, not verified. */
export interface DecodedJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Buffer;
}

/**
 * Takes a token apart, strictly: a compact JWS with claims.
 *
 * @throws InvalidTokenError with reason `malformed`
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-7.2
 */
export function decodeCompactJws(token: string): DecodedToken {
  const { header, payload } = openCompactJws(token);
  return { header, claims: decodeObject(payload) };
}

/**
 * Takes a compact JWS apart, strictly, whatever is signed.
 *
 * @throws InvalidTokenError with reason `malformed`
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function openCompactJws(token: string): DecodedJws {
  if (token.length > MAX_TOKEN_LENGTH) throw new InvalidTokenError('malformed');
  const segments = token.split('.', 4);
  if (segments.length !== 3) throw new InvalidTokenError('malformed');
  const [header, payload] = segments.map(decodeSegment);
  return { header: decodeObject(header!), payload: payload! };
}

/**
 * Decoders forgive blanks, padding and left-over bits; with them one token
 * would have many spellings.
 */
function decodeSegment(segment: string): Buffer {
  const bytes = Buffer.from(segment, 'base64url');
  if (bytes.length === 0 || bytes.toString('base64url') !== segment) {
    throw new InvalidTokenError('malformed');
  }
  return bytes;
}

function decodeObject(bytes: Buffer): Record<string, unknown> {
  const json = decodeText(bytes);
  const value = parse(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidTokenError('malformed');
  }
  // Two readers of one token must not see two different audiences.
  if (hasRepeatedMembers(json)) throw new InvalidTokenError('malformed');
  return value as Record<string, unknown>;
}

function decodeText(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new InvalidTokenError('malformed');
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new InvalidTokenError('malformed');
  }
}

/** Whether a token has the shape of a compact JWS: three parts. */
export function isCompactJws(token: string): boolean {
  return token.split('.', 4).length === 3;
}
