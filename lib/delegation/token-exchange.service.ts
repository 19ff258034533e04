import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import { CredentialError } from '../credentials/credential.error.js';
import type { HttpFetch } from '../oauth/http-fetch.js';
import type { ServerMetadata } from '../oauth/server-metadata.js';
import { exchangeToken } from '../oauth/token-exchange.js';
import { subjectTokenOf, type Principal } from '../verification/principal.js';
import type { ZoneDiscovery } from '../zone/zone-discovery.js';
import { withoutTrailingSlash } from '../zone/zone-url.js';
import { AccessContext } from './access-context.js';
import { toAccessError } from './access-error.factory.js';
import {
  NO_APPLICATION_CREDENTIAL,
  SUBJECT_TOKEN_EXPIRED,
} from './delegation.messages.js';
import type { ExchangeCache } from './exchange-cache.js';
import { exchangeKeyOf } from './exchange-key.js';
import type { ResourceGrant } from './grant.decorator.js';
import { GrantedToken } from './granted-token.js';

/** What the service works with. */
export interface TokenExchangeDependencies {
  readonly discovery: ZoneDiscovery;
  readonly credential: ApplicationCredential | undefined;
  readonly cache: ExchangeCache;
  readonly fetch: HttpFetch;
}

/**
 * Exchanges a caller's token for tokens of other APIs. What `@Grant()` uses,
 * and any provider may.
 *
 * @example
 * ```ts
 * const access = await this.exchange.exchange(principal, [
 *   { resource: 'https://calendar.example.com', scopes: [] },
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
    grants: readonly ResourceGrant[],
  ): Promise<AccessContext> {
    const access = new AccessContext();
    if (principal.expiresAt * 1000 <= Date.now()) {
      access.setError({
        message: SUBJECT_TOKEN_EXPIRED,
        code: 'subject_token_expired',
      });
      return access;
    }
    const outcomes = await Promise.allSettled(
      grants.map((grant) => this.token(principal, grant)),
    );
    grants.forEach(({ resource }, index) => {
      const outcome = outcomes[index]!;
      if (outcome.status === 'fulfilled') {
        access.setToken(resource, outcome.value);
        return;
      }
      access.setResourceError(
        resource,
        toAccessError(resource, outcome.reason),
      );
    });
    return access;
  }

  /**
   * Exchanges for one resource.
   *
   * @throws OAuthError, ZoneUnavailableError, CredentialError
   */
  async token(
    principal: Principal,
    grant: ResourceGrant,
  ): Promise<GrantedToken> {
    const { discovery, credential, cache } = this.dependencies;
    if (!credential) throw new CredentialError(NO_APPLICATION_CREDENTIAL);
    const issuer = withoutTrailingSlash(principal.issuer);
    const server = await discovery.metadataOf(issuer);
    const { clientId, authentication } = await credential.identify(server);
    const subjectToken = subjectTokenOf(principal);
    const key = exchangeKeyOf({
      ...grant,
      issuer,
      clientId,
      zoneId: principal.zoneId,
      subjectToken,
    });
    return cache.get(key, principal.expiresAt * 1000, () =>
      this.request(server, { clientId, authentication }, subjectToken, grant),
    );
  }

  private async request(
    server: ServerMetadata,
    identity: Awaited<ReturnType<ApplicationCredential['identify']>>,
    subjectToken: string,
    grant: ResourceGrant,
  ): Promise<GrantedToken> {
    const issuedAt = Date.now();
    const response = await exchangeToken(
      { ...grant, subjectToken },
      { server, ...identity, fetch: this.dependencies.fetch },
    );
    return new GrantedToken(response, issuedAt);
  }
}
