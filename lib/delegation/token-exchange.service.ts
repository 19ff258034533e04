import { CredentialError } from '../credentials/credential.error.js';
import { Principal } from '../verification/principal.js';
import {
  AccessContextFactory,
  failedAccess,
} from './access-context.factory.js';
import type { AccessContext } from './access-context.js';
import { toUnresolvedError } from './access-error.factory.js';
import { UNKNOWN_ZONE } from './delegation.messages.js';
import { requesterOf, type Requester } from './exchange-requester.js';
import type { GrantDeclaration } from './grant.decorator.js';
import { resolveGrants, uniteGrants } from './grant-resolver.js';
import type { GrantedToken } from './granted-token.js';
import type { ResourceGrant } from './resource-grant.interface.js';
import type {
  DeclaredExchange,
  ExchangeOptions,
  GrantTarget,
  TokenExchangeDependencies,
  ZoneOptions,
} from './token-exchange.interface.js';
import { TokenSource } from './token-source.js';

export type {
  DeclaredExchange,
  ExchangeOptions,
  GrantTarget,
  TokenExchangeDependencies,
  ZoneOptions,
} from './token-exchange.interface.js';

/**
 * Gets tokens of other APIs: in the name of the caller, of a user who is not
 * there, or of the application. What `@Grant()` uses, and any provider may.
 *
 * @example
 * ```ts
 * const access = await this.exchange.exchange(principal, [
 *   { resource: 'https://calendar.example.com' },
 * ]);
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc8693
 * @publicApi
 */
export class TokenExchangeService {
  private readonly source: TokenSource;
  private readonly contexts: AccessContextFactory;

  constructor(private readonly dependencies: TokenExchangeDependencies) {
    this.source = new TokenSource(dependencies);
    this.contexts = new AccessContextFactory(this.source);
  }

  /**
   * Exchanges for all resources at once. Failures are data; only cancellation
   * is thrown, as the reason of the signal.
   */
  async exchange(
    principal: Principal,
    grants: readonly (ResourceGrant | string)[],
    options: ExchangeOptions = {},
  ): Promise<AccessContext> {
    const { signal } = options;
    let list: readonly ResourceGrant[];
    try {
      list = uniteGrants(grants.map(toGrant));
    } catch (error) {
      return failedAccess(toUnresolvedError(error), signal);
    }
    return this.contexts.create(principal, list, signal);
  }

  /**
   * Exchanges what the decorators of a handler declare.
   *
   * @throws ConsentRequiredError when the user has to give a grant first
   * @internal
   */
  async exchangeDeclared(
    principal: Principal,
    declarations: readonly GrantDeclaration[],
    { context, input, signal }: DeclaredExchange,
  ): Promise<AccessContext> {
    let grants: readonly ResourceGrant[];
    try {
      const call = { principal, context, input };
      grants = await resolveGrants(declarations, call);
    } catch (error) {
      return failedAccess(toUnresolvedError(error), signal);
    }
    const access = await this.contexts.create(principal, grants, signal);
    await this.dependencies.consent?.require(principal, grants, access);
    return access;
  }

  /**
   * One token, in the name of the caller unless the grant says otherwise.
   *
   * @throws ResourceAccessError when the caller's token has expired
   * @throws OAuthError, ZoneUnavailableError, CredentialError, ExchangeInputError
   */
  async token(
    principal: Principal,
    grant: ResourceGrant | string,
    options: ExchangeOptions = {},
  ): Promise<GrantedToken> {
    return this.source.obtain(requesterOf(principal), toGrant(grant), options);
  }

  /**
   * One token in the name of a user who is not there. The zone has to allow
   * it, and the user must have granted the access before.
   *
   * @param userIdentifier from verified identity, never from a request
   * @throws OAuthError, ZoneUnavailableError, CredentialError, ExchangeInputError
   */
  async impersonate(
    userIdentifier: string,
    grant: GrantTarget,
    options: ZoneOptions = {},
  ): Promise<GrantedToken> {
    const authority = { kind: 'user', identifier: userIdentifier } as const;
    return this.source.obtain(
      this.askerIn(options.zoneId),
      { ...grant, authority },
      options,
    );
  }

  /**
   * One token for the application itself.
   *
   * @throws OAuthError, ZoneUnavailableError, CredentialError
   */
  async asApplication(
    grant: GrantTarget,
    options: ZoneOptions = {},
  ): Promise<GrantedToken> {
    const authority = { kind: 'application' } as const;
    return this.source.obtain(
      this.askerIn(options.zoneId),
      { ...grant, authority },
      options,
    );
  }

  /**
   * Forgets a token, here and in the shared cache: the next call exchanges.
   *
   * @param whose the caller, or the zone where there is no caller
   */
  async invalidate(
    whose: Principal | ZoneOptions,
    grant: ResourceGrant | string,
  ): Promise<void> {
    const asker =
      whose instanceof Principal
        ? requesterOf(whose)
        : this.askerIn(whose.zoneId);
    await this.source.invalidate(asker, toGrant(grant));
  }

  /**
   * Forgets all tokens in the name of a caller, as after a logout: those that
   * this replica knows of, here and in the shared cache.
   */
  async invalidateAll(principal: Principal): Promise<void> {
    await this.source.invalidateAll(principal);
  }

  private askerIn(zoneId: string | undefined): Requester {
    const zone = this.dependencies.zones.find(zoneId);
    if (!zone) throw new CredentialError(UNKNOWN_ZONE);
    return { issuer: zone.issuer, zoneId: zone.id, notAfter: Infinity };
  }
}

function toGrant(grant: ResourceGrant | string): ResourceGrant {
  return typeof grant === 'string' ? { resource: grant } : grant;
}
