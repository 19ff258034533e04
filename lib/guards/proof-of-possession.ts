import {
  checkTokenBinding,
  thumbprintOf,
} from '../verification/dpop/token-binding.js';
import type { DpopProofVerifier } from '../verification/dpop/dpop-proof.verifier.js';
import type { Principal } from '../verification/principal.js';
import {
  readProofs,
  type CredentialedRequest,
  type TokenCredentials,
} from './request-credentials.js';

/** What a sender has to prove its key for. */
export interface ProvedRequest {
  readonly request: CredentialedRequest;
  readonly credentials: TokenCredentials;
  /** Public URL of what was requested. */
  readonly url: string;
}

/** Whether the sender of a token is the one it was issued to. */
export class ProofOfPossession {
  /** @param isRequired refuses tokens that are bound to no key */
  constructor(
    private readonly proofs: DpopProofVerifier,
    readonly isRequired: boolean,
  ) {}

  /** Signature algorithms accepted. */
  get algorithms(): readonly string[] {
    return this.proofs.algorithms;
  }

  /**
   * Synchronous for a bearer token that is bound to no key.
   *
   * @throws TokenBindingError, InvalidDpopProofError, DpopNonceRequiredError
   */
  check(principal: Principal, proved: ProvedRequest): void | Promise<void> {
    const { request, credentials, url } = proved;
    const thumbprint = thumbprintOf(principal.claims);
    const scheme = this.isRequired ? 'dpop' : credentials.scheme;
    const mismatch =
      checkTokenBinding(credentials.scheme, thumbprint) ??
      checkTokenBinding(scheme, thumbprint);
    if (mismatch) throw mismatch;
    if (credentials.scheme === 'bearer') return undefined;
    return this.proofs.verify({
      proofs: readProofs(request),
      method: request.method ?? 'GET',
      url,
      accessToken: credentials.token,
      boundKeyThumbprint: thumbprint,
    });
  }
}
