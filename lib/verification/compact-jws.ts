import type { JWTPayload } from 'jose';
import { InvalidTokenError } from './invalid-token.error.js';
import { hasRepeatedMembers } from './repeated-members.js';

/** Longest token looked at, in characters. */
const MAX_TOKEN_LENGTH = 16_384;

// Decoders forgive blanks and padding; RFC 7515 does not have them.
const SEGMENT = /^[A-Za-z0-9_-]+$/;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The parts of a token, decoded but not verified. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<JWTPayload>;
}

/**
 * Takes a compact JWS apart, strictly.
 *
 * @throws InvalidTokenError with reason `malformed`
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function decodeCompactJws(token: string): DecodedToken {
  if (token.length > MAX_TOKEN_LENGTH) throw new InvalidTokenError('malformed');
  const segments = token.split('.');
  if (segments.length !== 3 || !segments.every((part) => SEGMENT.test(part))) {
    throw new InvalidTokenError('malformed');
  }
  return {
    header: decodeObject(segments[0]!),
    claims: decodeObject(segments[1]!),
  };
}

function decodeObject(segment: string): Record<string, unknown> {
  const json = decodeText(segment);
  const value = parse(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidTokenError('malformed');
  }
  // Two readers of one token must not see two different audiences.
  if (hasRepeatedMembers(json)) throw new InvalidTokenError('malformed');
  return value as Record<string, unknown>;
}

function decodeText(segment: string): string {
  try {
    return utf8.decode(Buffer.from(segment, 'base64url'));
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
