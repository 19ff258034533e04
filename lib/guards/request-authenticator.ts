import { UNOBSERVED } from '../observability/observability.js';
import type { Principal } from '../verification/principal.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import type { TokenVerifier } from '../verification/token-verifier.js';
import { AuthenticationAudit } from './authentication-audit.js';
import { InsufficientScopeException } from './exceptions/insufficient-scope.exception.js';
import { InvalidAuthorizationException } from './exceptions/invalid-authorization.exception.js';
import { TokenRequiredException } from './exceptions/token-required.exception.js';
import type { ProofOfPossession } from './proof-of-possession.js';
import {
  readCredentials,
  type CredentialedRequest,
  type TokenCredentials,
} from './request-credentials.js';
import { challengesOf } from './scheme-challenges.js';
import { scopesOfOperation, type ScopePolicy } from './scope-policy.js';
import { refusalOf } from './verification-refusal.js';

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
    private readonly audit = new AuthenticationAudit(UNOBSERVED),
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
    const { target } = operation;
    const credentials = this.readCredentials(request, operation);
    const { scheme, token } = credentials;
    const admit = (principal: Principal) =>
      this.admit(principal, request, credentials, operation);
    const refuse = (error: unknown): never => {
      const refusal = refusalOf(error, {
        scheme,
        scopes: scopesOfOperation(target, operation.scopes),
        metadataUrl: target.metadataUrl,
        possession: this.possession,
      });
      // Who lacks a scope was let in before.
      if (!(refusal instanceof InsufficientScopeException)) {
        this.audit.refused(refusal, target);
      }
      throw refusal;
    };
    try {
      const known = this.verifier.remembered(token, target);
      const outcome = known
        ? admit(known)
        : this.verifier.verify(token, target).then(admit);
      return outcome instanceof Promise ? outcome.catch(refuse) : outcome;
    } catch (error) {
      return refuse(error);
    }
  }

  private readCredentials(
    request: CredentialedRequest,
    operation: RequestedOperation,
  ): TokenCredentials {
    try {
      return this.credentialsOf(request, operation);
    } catch (error) {
      this.audit.refused(error, operation.target);
      throw error;
    }
  }

  /** @throws InvalidAuthorizationException, TokenRequiredException */
  private credentialsOf(
    request: CredentialedRequest,
    { target, scopes }: RequestedOperation,
  ): TokenCredentials {
    const { metadataUrl } = target;
    const credentials = readCredentials(request);
    if (credentials.kind === 'none') {
      const needed = scopesOfOperation(target, scopes);
      throw new TokenRequiredException(
        metadataUrl,
        challengesOf({ scopes: needed, metadataUrl }, this.possession),
      );
    }
    const isAccepted =
      credentials.kind === 'token' &&
      (credentials.scheme === 'bearer' || this.possession !== undefined);
    if (!isAccepted) throw new InvalidAuthorizationException(metadataUrl);
    return credentials;
  }

  private admit(
    principal: Principal,
    request: CredentialedRequest,
    credentials: TokenCredentials,
    { target, url, scopes }: RequestedOperation,
  ): Principal | Promise<Principal> {
    const allow = () => {
      this.audit.accepted(principal, target, credentials.token);
      this.scopePolicy.check(principal, target, scopes);
      return principal;
    };
    const proof = this.possession?.check(principal, {
      request,
      credentials,
      url,
    });
    return proof ? proof.then(allow) : allow();
  }
}
