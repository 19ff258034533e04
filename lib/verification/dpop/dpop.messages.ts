import type { InvalidDpopProofReason } from './invalid-dpop-proof.error.js';
import type { TokenBindingReason } from './token-binding.error.js';

/** What a log line says. A caller is told only that the proof is not accepted. */
export const INVALID_DPOP_PROOF: Record<InvalidDpopProofReason, string> = {
  missing: 'the request has no DPoP proof',
  multiple: 'the request has more than one DPoP proof',
  malformed: 'the DPoP proof is not a compact JWS with JSON header and claims',
  claims: 'the DPoP proof lacks a required claim, or has one of the wrong type',
  type: 'the DPoP proof is of another type than dpop+jwt',
  algorithm: 'the DPoP proof is signed with an algorithm that is not accepted',
  critical: 'the DPoP proof demands extensions that are not supported',
  key: 'the DPoP proof has no key that may sign with its algorithm',
  private_key: 'the DPoP proof contains a private key',
  signature: 'the signature of the DPoP proof is wrong',
  method: 'the DPoP proof was made for another HTTP method',
  target: 'the DPoP proof was made for another URL',
  time: 'the DPoP proof was made too long ago, or in the future',
  access_token: 'the DPoP proof was made for another access token',
  thumbprint: 'the access token is not bound to the key of the DPoP proof',
  replay: 'the DPoP proof was used before',
};

export const DPOP_NONCE_REQUIRED =
  'the DPoP proof must carry a nonce of this server';

export const TOKEN_BINDING: Record<TokenBindingReason, string> = {
  proof_required: 'the access token is bound to a key and needs a DPoP proof',
  not_bound: 'the access token is not bound to a key',
};

export const UNSUPPORTED_ALGORITHMS = (supported: readonly string[]) =>
  `The algorithms of DPoP proofs must be a list of one or more of ${supported.join(', ')}.`;

export const INVALID_SECONDS = (option: string) =>
  `${option} of DPoP must be a positive number of seconds.`;

export const INVALID_CAPACITY =
  'A DPoP replay store must remember at least one proof.';

export const WEAK_NONCE_SECRET = (bytes: number) =>
  `The secret for DPoP nonces must have at least ${bytes} bytes.`;
