import { InvalidTokenError } from '../verification/invalid-token.error.js';
import type { Principal } from '../verification/principal.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import type { TokenVerifier } from '../verification/token-verifier.js';
import { ZoneUnavailableError } from '../zone/zone-unavailable.error.js';
import { readBearerToken, type TokenBearingRequest } from './bearer-token.js';
import { InvalidAuthorizationException } from './exceptions/invalid-authorization.exception.js';
import { InvalidTokenException } from './exceptions/invalid-token.exception.js';
import { TokenRequiredException } from './exceptions/token-required.exception.js';
import { ZoneDownException } from './exceptions/zone-down.exception.js';
import { scopesOfOperation, type ScopePolicy } from './scope-policy.js';

/**
 * Finds out who sent a request. The one place where a request becomes a
 * principal, for HTTP routes and MCP endpoints alike.
 */
export class RequestAuthenticator {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly scopePolicy: ScopePolicy,
  ) {}

  /**
   * Synchronous when the token was verified a moment ago: this stands in front
   * of every request.
   *
   * @param scopes what the operation needs, besides the resource
   * @throws KeycardException
   */
  authenticate(
    request: TokenBearingRequest,
    target: ResourceTarget,
    scopes: readonly string[] = [],
  ): Principal | Promise<Principal> {
    const credentials = readBearerToken(request);
    if (credentials.kind === 'malformed') {
      throw new InvalidAuthorizationException(target.metadataUrl);
    }
    if (credentials.kind === 'none') {
      throw new TokenRequiredException(
        target.metadataUrl,
        scopesOfOperation(target, scopes),
      );
    }
    const remembered = this.verifier.remembered(credentials.token, target);
    if (remembered) return this.admit(remembered, target, scopes);
    return this.verify(credentials.token, target, scopes);
  }

  private async verify(
    token: string,
    target: ResourceTarget,
    scopes: readonly string[],
  ): Promise<Principal> {
    try {
      const principal = await this.verifier.verify(token, target);
      return this.admit(principal, target, scopes);
    } catch (error) {
      if (error instanceof InvalidTokenError) {
        throw new InvalidTokenException(
          target.metadataUrl,
          scopesOfOperation(target, scopes),
          error,
        );
      }
      if (error instanceof ZoneUnavailableError) {
        throw new ZoneDownException(error);
      }
      throw error;
    }
  }

  private admit(
    principal: Principal,
    target: ResourceTarget,
    scopes: readonly string[],
  ): Principal {
    this.scopePolicy.check(principal, target, scopes);
    return principal;
  }
}
