import { INVALID_DPOP_PROOF } from './dpop.messages.js';

/** Why a DPoP proof was refused. */
export type InvalidDpopProofReason =
  | 'missing'
  | 'multiple'
  | 'malformed'
  | 'claims'
  | 'type'
  | 'algorithm'
  | 'critical'
  | 'key'
  | 'private_key'
  | 'signature'
  | 'method'
  | 'target'
  | 'time'
  | 'access_token'
  | 'thumbprint'
  | 'replay';

/**
 * A DPoP proof was looked at and refused: `invalid_dpop_proof` in the
 * challenge. Never carries the proof, nor anything taken from it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 * @publicApi
 */
export class InvalidDpopProofError extends Error {
  override readonly name = 'InvalidDpopProofError';
  readonly code = 'ERR_INVALID_DPOP_PROOF';

  constructor(readonly reason: InvalidDpopProofReason) {
    super(INVALID_DPOP_PROOF[reason]);
  }
}
