import type { JWK } from 'jose';
import { decodeCompactJws, type DecodedToken } from '../compact-jws.js';
import { InvalidDpopProofError } from './invalid-dpop-proof.error.js';
import { readProofClaims, type ProofClaims } from './proof-claims.js';
import { readProofHeader } from './proof-header.js';
import { readProofKey } from './proof-key.js';
import { checkProofSignature } from './proof-signature.js';

/** A proof in good order; what it proves is still to be seen. */
export interface Proof {
  readonly claims: ProofClaims;
  /** The public key it was signed with. */
  readonly key: JWK;
}

/**
 * The first half of the checks: whether there is one proof, signed with the
 * key it names. In the order of the RFC, save that a key is looked at before
 * it is used.
 *
 * @throws InvalidDpopProofError
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export async function readProof(
  [proof, ...others]: readonly string[],
  algorithms: readonly string[],
): Promise<Proof> {
  if (proof === undefined) throw new InvalidDpopProofError('missing');
  if (others.length > 0) throw new InvalidDpopProofError('multiple');
  const decoded = decode(proof);
  const claims = readProofClaims(decoded.claims);
  const { alg, jwk } = readProofHeader(decoded.header, algorithms);
  const key = readProofKey(jwk, alg);
  await checkProofSignature(proof, key, alg);
  return { claims, key };
}

function decode(proof: string): DecodedToken {
  try {
    return decodeCompactJws(proof);
  } catch {
    throw new InvalidDpopProofError('malformed');
  }
}
