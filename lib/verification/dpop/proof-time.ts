import { InvalidDpopProofError } from './invalid-dpop-proof.error.js';
import type { ProofClaims } from './proof-claims.js';

/** Seconds that `exp` and `nbf`, which proofs need not have, may be off. */
const CLOCK_TOLERANCE = 30;

/**
 * Whether a proof was made just now.
 *
 * @throws InvalidDpopProofError with reason `time`
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-11.1
 */
export function checkProofTime(
  { issuedAt, notBefore, expiresAt }: ProofClaims,
  maxAge: number,
): void {
  const now = Date.now() / 1000;
  if (
    Math.abs(now - issuedAt) > maxAge ||
    (notBefore ?? now) > now + CLOCK_TOLERANCE ||
    (expiresAt ?? Infinity) <= now - CLOCK_TOLERANCE
  ) {
    throw new InvalidDpopProofError('time');
  }
}
