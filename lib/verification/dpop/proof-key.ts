import type { JWK } from 'jose';
import { isSignatureKey } from '../signature-key.js';
import { InvalidDpopProofError } from './invalid-dpop-proof.error.js';

/** The public members of each type of key: what a thumbprint is made of. */
const PUBLIC_MEMBERS: Record<string, readonly string[]> = {
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  RSA: ['n', 'e'],
};

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

// The sender chooses the key. A modulus or an exponent without bounds would
// make the check of one signature as expensive as the sender likes.
const MAX_LENGTH: Record<string, number> = { n: 1366, e: 6 };
const MAX_MEMBER_LENGTH = 128;

const BASE64URL = /^[A-Za-z0-9_-]+$/;

/**
 * The key a proof was signed with, reduced to the members that make it up.
 * Looked at before it is used: a proof that gives its private key away proves
 * nothing, and a weak or huge key is not worth a signature check.
 *
 * @throws InvalidDpopProofError with reason `key` or `private_key`
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export function readProofKey(value: unknown, algorithm: string): JWK {
  if (!isObject(value)) throw new InvalidDpopProofError('key');
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(value, member))) {
    throw new InvalidDpopProofError('private_key');
  }
  if (!isSignatureKey(value, algorithm)) {
    throw new InvalidDpopProofError('key');
  }
  const key: Record<string, unknown> = { kty: value.kty };
  for (const member of PUBLIC_MEMBERS[value.kty as string]!) {
    if (!isWellFormed(member, value[member])) {
      throw new InvalidDpopProofError('key');
    }
    key[member] = value[member];
  }
  return key;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWellFormed(member: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (value.length > (MAX_LENGTH[member] ?? MAX_MEMBER_LENGTH)) return false;
  return BASE64URL.test(value);
}
