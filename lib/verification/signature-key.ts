import type { JWK } from 'jose';

const KEY_TYPES: Readonly<Record<string, { kty: string; crv?: string }>> = {
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
};

const MIN_MODULUS_BITS = 2048;

/** What only the owner of a key knows: whoever published it lost it. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The signature algorithms a verifier may be told to accept. None is symmetric. */
export const SIGNATURE_ALGORITHMS: readonly string[] = Object.keys(KEY_TYPES);

/**
 * Whether a published key may verify signatures of this algorithm: public,
 * of the right type and strength, and not set aside for something else.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-4
 */
export function isSignatureKey(key: JWK, algorithm: string): boolean {
  if (!Object.hasOwn(KEY_TYPES, algorithm)) return false;
  const type = KEY_TYPES[algorithm]!;
  if (key.kty !== type.kty) return false;
  if (type.crv && key.crv !== type.crv) return false;
  if (PRIVATE_MEMBERS.some((member) => member in key)) return false;
  if (key.alg !== undefined && key.alg !== algorithm) return false;
  if (key.use !== undefined && key.use !== 'sig') return false;
  if (key.key_ops !== undefined && !isForVerifying(key.key_ops)) return false;
  return key.kty !== 'RSA' || modulusBits(key) >= MIN_MODULUS_BITS;
}

function isForVerifying(operations: unknown): boolean {
  return Array.isArray(operations) && operations.includes('verify');
}

function modulusBits(key: JWK): number {
  if (typeof key.n !== 'string') return 0;
  const bytes = Buffer.from(key.n, 'base64url');
  const significant = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  if (significant.length === 0) return 0;
  return significant.length * 8 - Math.clz32(significant[0]!) + 24;
}
