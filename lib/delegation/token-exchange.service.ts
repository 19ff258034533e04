import type { ExecutionContext } from '@nestjs/common';
import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import { CredentialError } from '../credentials/credential.error.js';
import { subjectTokenOf, type Principal } from '../verification/principal.js';
import type { ZoneDirectory } from '../zone/zone-directory.js';
import type { ZoneDiscovery } from '../zone/zone-discovery.js';
import { withoutTrailingSlash } from '../zone/zone-url.js';
import { AccessContext } from './access-context.js';
import type { ConsentPolicy } from './consent/consent-policy.js';
import { toAccessError } from './access-error.factory.js';
import {
  GRANT_UNRESOLVED,
  NO_APPLICATION_CREDENTIAL,
  SUBJECT_TOKEN_EXPIRED,
  UNKNOWN_ZONE,
} from './delegation.messages.js';
import type { ExchangeCache } from './exchange-cache.js';
import { exchangeKeyOf } from './exchange-key.js';
import type { GrantDeclaration } from './grant.decorator.js';
import { resolveGrants } from './grant-resolver.js';
import type { GrantedToken } from './granted-token.js';
import type { Authority, ResourceGrant } from './resource-grant.interface.js';
import type { TokenExchanger } from './token-exchanger.js';

/** What the service works with. */
export interface TokenExchangeDependencies {
  readonly zones: ZoneDirectory;
  readonly discovery: ZoneDiscovery;
  readonly credential: ApplicationCredential | undefined;
  readonly cache: ExchangeCache;
  /** Asks users for grants they have not given; without it, nobody is asked. */
  readonly consent?: ConsentPolicy;
  readonly exchanger: TokenExchanger;
}

/** How one exchange is made. */
export interface ExchangeOptions {
  /** Gives up waiting; the exchange stops when nobody waits for it. */
  readonly signal?: AbortSignal;
}

/** In which zone, where there is no caller who says it. */
export interface ZoneOptions extends ExchangeOptions {
  /** Required in multi-zone applications. */
  readonly zoneId?: string;
}

/** What a token is asked for, apart from in whose name. */
export type GrantTarget = Omit<ResourceGrant, 'authority' | 'isOptional'>;

/** A declared grant, in the call it is for. */
export interface DeclaredExchange extends ExchangeOptions {
  readonly context: ExecutionContext;
  /** Validated input of a tool. */
  readonly input?: unknown;
}

interface Asker {
  readonly issuer: string;
  readonly zoneId?: string;
  readonly subjectToken?: string;
  /** When the caller's token expires, in milliseconds since the epoch. */
  readonly notAfter: number;
}

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
  constructor(private readonly dependencies: TokenExchangeDependencies) {}

  /** Exchanges for all resources at once. Never throws: failures are data. */
  async exchange(
    principal: Principal,
    grants: readonly (ResourceGrant | string)[],
    options: ExchangeOptions = {},
  ): Promise<AccessContext> {
    const access = new AccessContext(options.signal);
    if (principal.expiresAt * 1000 <= Date.now()) {
      access.setError({
        message: SUBJECT_TOKEN_EXPIRED,
        code: 'subject_token_expired',
      });
      return access;
    }
    const list = grants.map(toGrant);
    const outcomes = await Promise.allSettled(
      list.map((grant) => this.token(principal, grant, options)),
    );
    options.signal?.throwIfAborted();
    list.forEach((grant, index) => {
      const { resource } = grant;
      const outcome = outcomes[index]!;
      if (outcome.status === 'rejected') {
        const error = toAccessError(resource, outcome.reason);
        access.setResourceError(resource, error);
        return;
      }
      access.setToken(resource, outcome.value, async () => {
        await this.invalidate(principal, grant);
        return this.token(principal, grant, options);
      });
    });
    return access;
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
      const access = new AccessContext();
      const rawError = error instanceof TypeError ? error.message : undefined;
      access.setError({ message: GRANT_UNRESOLVED, rawError });
      return access;
    }
    const access = await this.exchange(principal, grants, { signal });
    await this.dependencies.consent?.require(principal, grants, access);
    return access;
  }

  /**
   * One token, in the name of the caller unless the grant says otherwise.
   *
   * @throws OAuthError, ZoneUnavailableError, CredentialError
   */
  async token(
    principal: Principal,
    grant: ResourceGrant | string,
    options: ExchangeOptions = {},
  ): Promise<GrantedToken> {
    return this.obtain(askerOf(principal), toGrant(grant), options);
  }

  /**
   * One token in the name of a user who is not there. The zone has to allow
   * it, and the user must have granted the access before.
   *
   * @param userIdentifier from verified identity, never from a request
   * @throws OAuthError, ZoneUnavailableError, CredentialError, TypeError for a blank identifier
   */
  async impersonate(
    userIdentifier: string,
    grant: GrantTarget,
    options: ZoneOptions = {},
  ): Promise<GrantedToken> {
    const authority = { kind: 'user', identifier: userIdentifier } as const;
    return this.obtain(
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
    return this.obtain(
      this.askerIn(options.zoneId),
      { ...grant, authority },
      options,
    );
  }

  /** Forgets a token, here and in the shared cache: the next call exchanges. */
  async invalidate(
    principal: Principal,
    grant: ResourceGrant | string,
  ): Promise<void> {
    const { key } = await this.prepare(askerOf(principal), toGrant(grant));
    await this.dependencies.cache.invalidate(key);
  }

  private async obtain(
    asker: Asker,
    grant: ResourceGrant,
    { signal }: ExchangeOptions,
  ): Promise<GrantedToken> {
    const { cache, exchanger } = this.dependencies;
    const { key, order } = await this.prepare(asker, grant);
    return cache.get(
      key,
      asker.notAfter,
      (abort) => exchanger.exchange({ ...order, signal: abort }),
      { signal },
    );
  }

  private async prepare(asker: Asker, grant: ResourceGrant) {
    const { discovery, credential } = this.dependencies;
    if (!credential) throw new CredentialError(NO_APPLICATION_CREDENTIAL);
    const server = await discovery.metadataOf(asker.issuer);
    const identity = await credential.identify(server);
    const authority: Authority = grant.authority ?? { kind: 'caller' };
    const subjectToken =
      authority.kind === 'caller' ? asker.subjectToken : undefined;
    const key = exchangeKeyOf({
      ...grant,
      authority,
      issuer: asker.issuer,
      clientId: identity.clientId,
      zoneId: asker.zoneId,
      subjectToken,
    });
    return { key, order: { server, identity, grant, authority, subjectToken } };
  }

  private askerIn(zoneId: string | undefined): Asker {
    const zone = this.dependencies.zones.find(zoneId);
    if (!zone) throw new CredentialError(UNKNOWN_ZONE);
    return { issuer: zone.issuer, zoneId: zone.id, notAfter: Infinity };
  }
}

function askerOf(principal: Principal): Asker {
  return {
    issuer: withoutTrailingSlash(principal.issuer),
    zoneId: principal.zoneId,
    subjectToken: subjectTokenOf(principal),
    notAfter: principal.expiresAt * 1000,
  };
}

function toGrant(grant: ResourceGrant | string): ResourceGrant {
  return typeof grant === 'string' ? { resource: grant } : grant;
}
