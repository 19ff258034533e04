import { DPOP_NONCE_REQUIRED } from './dpop.messages.js';

/**
 * A DPoP proof is fine but for its nonce: `use_dpop_nonce` in the challenge,
 * with the nonce in a `DPoP-Nonce` header. The client sends a new proof.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-9
 * @publicApi
 */
export class DpopNonceRequiredError extends Error {
  override readonly name = 'DpopNonceRequiredError';
  readonly code = 'ERR_DPOP_NONCE_REQUIRED';

  /** @param nonce what the next proof must carry */
  constructor(readonly nonce: string) {
    super(DPOP_NONCE_REQUIRED);
  }
}
