import { InvalidDpopProofError } from './invalid-dpop-proof.error.js';

/** The claims of a proof, with their types checked but not their values. */
export interface ProofClaims {
  readonly id: string;
  readonly method: string;
  readonly targetUri: string;
  readonly accessTokenHash: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly notBefore?: number;
  readonly expiresAt?: number;
  readonly nonce?: string;
}

/**
 * Reads the claims of a proof that comes with an access token.
 *
 * @throws InvalidDpopProofError with reason `claims`
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export function readProofClaims(
  claims: Readonly<Record<string, unknown>>,
): ProofClaims {
  return {
    id: requiredText(claims.jti),
    method: requiredText(claims.htm),
    targetUri: requiredText(claims.htu),
    accessTokenHash: requiredText(claims.ath),
    issuedAt: requiredTime(claims.iat),
    ...(claims.nbf !== undefined && { notBefore: requiredTime(claims.nbf) }),
    ...(claims.exp !== undefined && { expiresAt: requiredTime(claims.exp) }),
    ...(claims.nonce !== undefined && { nonce: requiredText(claims.nonce) }),
  };
}

function requiredText(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidDpopProofError('claims');
}

/** JSON can spell numbers that a clock cannot: `1e400` is `Infinity`. */
function requiredTime(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) {
    return value;
  }
  throw new InvalidDpopProofError('claims');
}
