import type { DpopNonceOptions } from './dpop-nonces.js';
import type { DpopReplayStore } from './dpop-replay-store.interface.js';

/**
 * What DPoP proofs must be like.
 *
 * @publicApi
 */
export interface DpopOptions {
  /**
   * Signature algorithms accepted; asymmetric ones only.
   * @default ['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'Ed25519']
   */
  readonly algorithms?: readonly string[];
  /**
   * Seconds that the making of a proof may lie behind or ahead of now.
   * @default 300
   */
  readonly maxAge?: number;
  /**
   * Where used proofs are remembered.
   * @default in this process
   */
  readonly replayStore?: DpopReplayStore;
  /**
   * Nonces of this server in proofs.
   * @default none
   */
  readonly nonce?: DpopNonceOptions;
}
