/** A request that an access token came with, and its proofs. */
export interface DpopProofRequest {
  /** The values of all `DPoP` headers, each on its own. */
  readonly proofs: readonly string[];
  /** HTTP method, as received. */
  readonly method: string;
  /** Public URL of what was requested: configured, never from `Host`. */
  readonly url: string;
  /** The token, already verified. */
  readonly accessToken: string;
  /** Thumbprint of the key the token is bound to; nothing fits `undefined`. */
  readonly boundKeyThumbprint: string | undefined;
}
