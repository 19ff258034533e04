import { hash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { accessTokenHash } from './access-token-hash.js';
import { DpopNonceRequiredError } from './dpop-nonce-required.error.js';
import { DpopNonces } from './dpop-nonces.js';
import type { DpopOptions } from './dpop-options.interface.js';
import { createDpopPolicy } from './dpop-policy.js';
import type { DpopProofRequest } from './dpop-proof-request.interface.js';
import type { DpopReplayStore } from './dpop-replay-store.interface.js';
import { InvalidDpopProofError } from './invalid-dpop-proof.error.js';
import { MemoryReplayStore } from './memory-replay-store.js';
import type { ProofClaims } from './proof-claims.js';
import { readProof } from './proof-reader.js';
import { checkProofTime } from './proof-time.js';
import { isTargetUri } from './target-uri.js';

/**
 * Decides whether the sender of a request holds the key that its access token
 * is bound to.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 * @publicApi
 */
export class DpopProofVerifier {
  /** Algorithms accepted: what metadata and challenges list. */
  readonly algorithms: readonly string[];
  private readonly maxAge: number;
  private readonly replayStore: DpopReplayStore;
  private readonly nonces?: DpopNonces;

  /** @throws DpopConfigurationError */
  constructor(options: DpopOptions = {}) {
    ({ algorithms: this.algorithms, maxAge: this.maxAge } =
      createDpopPolicy(options));
    this.replayStore = options.replayStore ?? new MemoryReplayStore();
    if (options.nonce) this.nonces = new DpopNonces(options.nonce);
  }

  /** For a `DPoP-Nonce` header; `undefined` when nonces are not in use. */
  currentNonce(): string | undefined {
    return this.nonces?.current();
  }

  /**
   * Checks everything in the order of the RFC. The proof is used up only when
   * all else is right, so that nobody but the holder of the key can do that.
   *
   * @throws InvalidDpopProofError when the proof must not be accepted
   * @throws DpopNonceRequiredError when it lacks a nonce, or has an old one
   * @throws whatever keeps the replay store from telling
   */
  async verify(request: DpopProofRequest): Promise<void> {
    const { claims, key } = await readProof(request.proofs, this.algorithms);
    assert(claims.method === request.method, 'method');
    assert(isTargetUri(claims.targetUri, request.url), 'target');
    this.checkNonce(claims);
    checkProofTime(claims, this.maxAge);
    const tokenHash = accessTokenHash(request.accessToken);
    assert(claims.accessTokenHash === tokenHash, 'access_token');
    const thumbprint = await calculateJwkThumbprint(key);
    assert(thumbprint === request.boundKeyThumbprint, 'thumbprint');
    assert(await this.useUp(claims, thumbprint), 'replay');
  }

  private checkNonce({ nonce }: ProofClaims): void {
    const { nonces } = this;
    if (!nonces) return;
    if (nonce === undefined ? !nonces.required : nonces.accepts(nonce)) return;
    throw new DpopNonceRequiredError(nonces.current());
  }

  /** Remembered while its age is right: longer when made in the future. */
  private useUp(
    { id, issuedAt }: ProofClaims,
    thumbprint: string,
  ): boolean | Promise<boolean> {
    const key = hash('sha256', `${thumbprint} ${id}`, 'base64url');
    const acceptedUntil = (issuedAt + this.maxAge) * 1000;
    const ttl = Math.ceil(acceptedUntil - Date.now()) + 1000;
    return this.replayStore.claim(key, ttl);
  }
}

function assert(
  isRight: boolean,
  reason: InvalidDpopProofError['reason'],
): void {
  if (!isRight) throw new InvalidDpopProofError(reason);
}
