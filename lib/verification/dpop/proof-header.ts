import { InvalidDpopProofError } from './invalid-dpop-proof.error.js';

/** The header members of a proof that are acted on. */
export interface ProofHeader {
  readonly alg: string;
  /** Whatever the proof calls its key. */
  readonly jwk: unknown;
}

const PROOF_TYPE = 'dpop+jwt';

// Extensions of JWS that change what is signed.
const REFUSED_MEMBERS = ['crit', 'b64', 'zip'];

/**
 * Checks the header of a proof. `kid`, `jku` and `x5u` are simply never read.
 *
 * @throws InvalidDpopProofError
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export function readProofHeader(
  header: Readonly<Record<string, unknown>>,
  algorithms: readonly string[],
): ProofHeader {
  const { typ, alg, jwk } = header;
  if (typ !== PROOF_TYPE) throw new InvalidDpopProofError('type');
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    throw new InvalidDpopProofError('algorithm');
  }
  if (REFUSED_MEMBERS.some((member) => Object.hasOwn(header, member))) {
    throw new InvalidDpopProofError('critical');
  }
  return { alg, jwk };
}
