import { DpopNonceRequiredError } from '../verification/dpop/dpop-nonce-required.error.js';
import { InvalidDpopProofError } from '../verification/dpop/invalid-dpop-proof.error.js';
import { TokenBindingError } from '../verification/dpop/token-binding.error.js';
import { InvalidTokenError } from '../verification/invalid-token.error.js';
import type { Principal } from '../verification/principal.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import type { TokenVerifier } from '../verification/token-verifier.js';
import { ZoneUnavailableError } from '../zone/zone-unavailable.error.js';
import { InvalidAuthorizationException } from './exceptions/invalid-authorization.exception.js';
import { InvalidProofException } from './exceptions/invalid-proof.exception.js';
import { InvalidTokenException } from './exceptions/invalid-token.exception.js';
import { TokenRequiredException } from './exceptions/token-required.exception.js';
import { ZoneDownException } from './exceptions/zone-down.exception.js';
import type { ProofOfPossession } from './proof-of-possession.js';
import {
  readCredentials,
  type CredentialedRequest,
} from './request-credentials.js';
import { scopesOfOperation, type ScopePolicy } from './scope-policy.js';

/** What is requested, and what that needs. */
export interface RequestedOperation {
  readonly target: ResourceTarget;
  /** Public URL of what is requested, for proofs of possession. */
  readonly url: string;
  /** What the operation needs, besides the resource. */
  readonly scopes?: readonly string[];
}

/**
 * Finds out who sent a request. The one place where a request becomes a
 * principal, for HTTP routes and MCP endpoints alike.
 */
export class RequestAuthenticator {
  /** @param possession without it, tokens that are bound to a key are refused */
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly scopePolicy: ScopePolicy,
    private readonly possession?: ProofOfPossession,
  ) {}

  /**
   * Synchronous when a bearer token was verified a moment ago: this stands in
   * front of every request.
   *
   * @throws KeycardException
   */
  authenticate(
    request: CredentialedRequest,
    operation: RequestedOperation,
  ): Principal | Promise<Principal> {
    const { target, scopes = [], url } = operation;
    const credentials = readCredentials(request);
    const isDpop =
      credentials.kind === 'token' && credentials.scheme === 'dpop';
    if (credentials.kind === 'malformed' || (isDpop && !this.possession)) {
      throw new InvalidAuthorizationException(target.metadataUrl);
    }
    if (credentials.kind === 'none') {
      throw new TokenRequiredException(
        target.metadataUrl,
        scopesOfOperation(target, scopes),
        this.otherChallenges,
      );
    }
    const admit = (principal: Principal) => {
      const proof = this.possession?.check(principal, {
        request,
        credentials,
        url,
      });
      const allow = () => {
        this.scopePolicy.check(principal, target, scopes);
        return principal;
      };
      return proof ? proof.then(allow) : allow();
    };
    try {
      const known = this.verifier.remembered(credentials.token, target);
      const outcome = known
        ? admit(known)
        : this.verifier.verify(credentials.token, target).then(admit);
      if (!(outcome instanceof Promise)) return outcome;
      return outcome.catch((error: unknown) => {
        throw this.toRefusal(error, operation);
      });
    } catch (error) {
      throw this.toRefusal(error, operation);
    }
  }

  private get otherChallenges() {
    return this.possession ? [this.possession.challenge] : [];
  }

  /** The refusal that tells the caller what to do, and no more than that. */
  private toRefusal(
    error: unknown,
    { target, scopes = [] }: RequestedOperation,
  ): unknown {
    const needed = scopesOfOperation(target, scopes);
    const { metadataUrl } = target;
    if (error instanceof InvalidTokenError) {
      return new InvalidTokenException(
        metadataUrl,
        needed,
        error,
        this.otherChallenges,
      );
    }
    if (error instanceof ZoneUnavailableError) {
      return new ZoneDownException(error);
    }
    const challenge = {
      algorithms: this.possession?.algorithms,
      scopes: needed,
      metadataUrl,
    };
    if (error instanceof TokenBindingError) {
      return new InvalidProofException('invalid_token', challenge, {
        cause: error,
      });
    }
    if (error instanceof InvalidDpopProofError) {
      return new InvalidProofException('invalid_dpop_proof', challenge, {
        cause: error,
      });
    }
    if (error instanceof DpopNonceRequiredError) {
      const { nonce } = error;
      return new InvalidProofException('use_dpop_nonce', challenge, { nonce });
    }
    return error;
  }
}
