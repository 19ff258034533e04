import { DpopNonceRequiredError } from '../verification/dpop/dpop-nonce-required.error.js';
import { InvalidDpopProofError } from '../verification/dpop/invalid-dpop-proof.error.js';
import { TokenBindingError } from '../verification/dpop/token-binding.error.js';
import type { TokenScheme } from '../verification/dpop/token-binding.js';
import { InvalidTokenError } from '../verification/invalid-token.error.js';
import { ZoneUnavailableError } from '../zone/zone-unavailable.error.js';
import { InvalidProofException } from './exceptions/invalid-proof.exception.js';
import { InvalidTokenException } from './exceptions/invalid-token.exception.js';
import { ZoneDownException } from './exceptions/zone-down.exception.js';
import { TOKEN_NOT_ACCEPTED } from './guards.messages.js';
import type { ProofOfPossession } from './proof-of-possession.js';
import { challengesOf } from './scheme-challenges.js';

/** What is known of the request besides the error. */
export interface RefusedRequest {
  readonly scheme: TokenScheme;
  /** All scopes the operation needs. */
  readonly scopes: readonly string[];
  readonly metadataUrl: string;
  readonly possession: ProofOfPossession | undefined;
}

/**
 * The refusal that tells the caller what to do, and no more than that. An
 * error that says nothing about the request stays what it is.
 */
export function refusalOf(error: unknown, request: RefusedRequest): unknown {
  if (error instanceof InvalidTokenError) {
    return new InvalidTokenException(invalidToken(request), error);
  }
  if (error instanceof ZoneUnavailableError) {
    return new ZoneDownException(error);
  }
  const code = codeOf(error);
  if (!code) return error;
  const { scopes, metadataUrl, possession } = request;
  return new InvalidProofException(
    code,
    { algorithms: possession?.algorithms, scopes, metadataUrl },
    error instanceof DpopNonceRequiredError
      ? { nonce: error.nonce }
      : { cause: error },
  );
}

function invalidToken(request: RefusedRequest) {
  const { scheme, scopes, metadataUrl, possession } = request;
  return challengesOf(
    {
      error: 'invalid_token',
      description: TOKEN_NOT_ACCEPTED,
      scopes,
      metadataUrl,
    },
    possession,
    scheme,
  );
}

function codeOf(error: unknown) {
  if (error instanceof TokenBindingError) return 'invalid_token';
  if (error instanceof InvalidDpopProofError) return 'invalid_dpop_proof';
  if (error instanceof DpopNonceRequiredError) return 'use_dpop_nonce';
  return undefined;
}
