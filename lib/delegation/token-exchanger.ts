import { setTimeout as wait } from 'node:timers/promises';
import type { ClientIdentity } from '../credentials/application-credential.interface.js';
import { requestClientCredentials } from '../oauth/client-credentials.js';
import { OAuthHttpError } from '../oauth/errors/oauth-http.error.js';
import { OAuthNetworkError } from '../oauth/errors/oauth-network.error.js';
import { OAuthProtocolError } from '../oauth/errors/oauth-protocol.error.js';
import type { HttpFetch } from '../oauth/http-fetch.js';
import type { ServerMetadata } from '../oauth/server-metadata.js';
import {
  SUBSTITUTE_USER_TOKEN_TYPE,
  substituteUserToken,
} from '../oauth/substitute-user.js';
import { exchangeToken } from '../oauth/token-exchange.js';
import type { TokenResponse } from '../oauth/token-request.js';
import { NO_TELEMETRY } from '../observability/telemetry/no-telemetry.js';
import { exchangeSpan } from '../observability/telemetry/span.descriptions.js';
import type { Telemetry } from '../observability/telemetry/telemetry.js';
import { modeOf } from './exchange-mode.js';
import { GrantedToken } from './granted-token.js';
import type { Authority, ResourceGrant } from './resource-grant.interface.js';

/** What one exchange is made of. */
export interface ExchangeOrder {
  readonly server: ServerMetadata;
  readonly identity: ClientIdentity;
  readonly grant: ResourceGrant;
  readonly authority: Authority;
  /** The caller's token, where the authority is the caller's. */
  readonly subjectToken?: string;
  readonly signal?: AbortSignal;
  /** Called for each request. */
  readonly onAttempt?: () => void;
}

/** Milliseconds before the one retry, at least and at most. */
const RETRY_DELAY = [50, 250] as const;

// Asked too soon, or answered by a proxy whose server did not get the request.
const SAFE_TO_REPEAT = new Set([429, 502, 503, 504]);

/** Sends exchanges to the zone. Knows no cache and no caller. */
export class TokenExchanger {
  constructor(
    private readonly fetch: HttpFetch,
    private readonly telemetry: Telemetry = NO_TELEMETRY,
  ) {}

  /**
   * One exchange, repeated once where that is safe and may help.
   *
   * @throws OAuthError
   */
  exchange(order: ExchangeOrder): Promise<GrantedToken> {
    const describe = () =>
      exchangeSpan({
        resource: order.grant.resource,
        mode: modeOf(order.authority.kind),
        issuer: order.server.issuer,
      });
    return this.telemetry.span(describe, () => this.exchangeWithin(order));
  }

  private async exchangeWithin(order: ExchangeOrder): Promise<GrantedToken> {
    try {
      return await this.attempt(order);
    } catch (error) {
      if (!isWorthRepeating(error)) throw error;
      await wait(jitter(), undefined, { signal: order.signal });
      return this.attempt(order);
    }
  }

  private async attempt(order: ExchangeOrder): Promise<GrantedToken> {
    order.onAttempt?.();
    const issuedAt = Date.now();
    return new GrantedToken(await this.request(order), issuedAt);
  }

  private request(order: ExchangeOrder): Promise<TokenResponse> {
    const { server, identity, grant, authority, signal } = order;
    const { resource, audience, scopes } = grant;
    const parameters = { resource, audience, scopes };
    const request = { server, ...identity, fetch: this.fetch, signal };
    switch (authority.kind) {
      case 'application':
        return requestClientCredentials(parameters, request);
      case 'user':
        return exchangeToken(
          {
            ...parameters,
            subjectToken: substituteUserToken(authority.identifier),
            subjectTokenType: SUBSTITUTE_USER_TOKEN_TYPE,
          },
          request,
        );
      default:
        return exchangeToken(
          {
            ...parameters,
            subjectToken: order.subjectToken!,
            actorToken: authority.actor?.token,
            actorTokenType: authority.actor?.tokenType,
          },
          request,
        );
    }
  }
}

/** A token too many is harmless; a second attempt at a refusal is pointless. */
function isWorthRepeating(error: unknown): boolean {
  if (error instanceof OAuthNetworkError) return true;
  const isAnswer =
    error instanceof OAuthHttpError || error instanceof OAuthProtocolError;
  return isAnswer && SAFE_TO_REPEAT.has(error.status);
}

function jitter(): number {
  const [least, most] = RETRY_DELAY;
  return least + Math.random() * (most - least);
}
