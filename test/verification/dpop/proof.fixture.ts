import { randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  CompactSign,
  exportJWK,
  generateKeyPair,
  type CryptoKey,
  type JWK,
} from 'jose';
import { accessTokenHash } from '../../../lib/verification/dpop/access-token-hash.js';
import {
  InvalidDpopProofError,
  type InvalidDpopProofReason,
} from '../../../lib/verification/dpop/invalid-dpop-proof.error.js';
import { DpopProofVerifier } from '../../../lib/verification/dpop/dpop-proof.verifier.js';
import type { DpopProofRequest } from '../../../lib/verification/dpop/dpop-proof-request.interface.js';

export const URL_OF_RESOURCE = 'https://mcp.example.com/mcp';
export const ACCESS_TOKEN = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';

/** A key that a client made for its proofs. */
export interface ProofKey {
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
  readonly thumbprint: string;
}

export async function createProofKey(
  algorithm = 'ES256',
  options: { modulusLength?: number } = {},
): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, {
    extractable: true,
    ...options,
  });
  const publicJwk = await exportJWK(publicKey);
  return {
    algorithm,
    privateKey,
    publicJwk,
    privateJwk: await exportJWK(privateKey),
    thumbprint: await calculateJwkThumbprint(publicJwk),
  };
}

export const now = () => Math.floor(Date.now() / 1000);

/** Members to put in place of those of a good proof; `undefined` omits one. */
export interface ProofChanges {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
}

export async function createProof(
  key: ProofKey,
  changes: ProofChanges = {},
): Promise<string> {
  const header = {
    typ: 'dpop+jwt',
    alg: key.algorithm,
    jwk: key.publicJwk,
    ...changes.header,
  };
  const claims = {
    jti: randomUUID(),
    htm: 'POST',
    htu: URL_OF_RESOURCE,
    iat: now(),
    ath: accessTokenHash(ACCESS_TOKEN),
    ...changes.claims,
  };
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader(header)
    .sign(key.privateKey);
}

function encode(part: unknown): string {
  const json = typeof part === 'string' ? part : JSON.stringify(part);
  return Buffer.from(json).toString('base64url');
}

/** A compact JWS of any header and payload, with a signature of one's own. */
export function forge(
  header: unknown,
  claims: unknown,
  signature: string,
): string {
  return `${encode(header)}.${encode(claims)}.${signature}`;
}

export function requestWith(
  key: ProofKey,
  proofs: string | readonly string[],
  changes: Partial<DpopProofRequest> = {},
): DpopProofRequest {
  return {
    proofs: typeof proofs === 'string' ? [proofs] : proofs,
    method: 'POST',
    url: URL_OF_RESOURCE,
    accessToken: ACCESS_TOKEN,
    boundKeyThumbprint: key.thumbprint,
    ...changes,
  };
}

/** Claims of a good proof, as JSON. */
export async function createClaims(key: ProofKey): Promise<string> {
  const [, claims] = (await createProof(key)).split('.');
  return Buffer.from(claims!, 'base64url').toString();
}

/** Why a proof was refused; throws when it was not. */
export async function refusalOf(
  request: DpopProofRequest,
  verifier: DpopProofVerifier = new DpopProofVerifier(),
): Promise<InvalidDpopProofReason> {
  const error: unknown = await verifier
    .verify(request)
    .catch((reason: unknown) => reason);
  if (error instanceof InvalidDpopProofError) return error.reason;
  throw error ?? new Error('the proof was accepted');
}
