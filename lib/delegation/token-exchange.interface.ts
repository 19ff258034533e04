import type { ExecutionContext } from '@nestjs/common';
import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import type { ZoneDirectory } from '../zone/zone-directory.js';
import type { ZoneDiscovery } from '../zone/zone-discovery.js';
import type { ConsentPolicy } from './consent/consent-policy.js';
import type { ExchangeCache } from './exchange-cache.js';
import type { OnExchange } from './exchange-report.js';
import type { ResourceGrant } from './resource-grant.interface.js';
import type { SignalSource } from './signal-source.js';
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
  /** Told of every token that was asked for. */
  readonly onExchange?: OnExchange;
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
export interface DeclaredExchange {
  /** That of the call. */
  readonly signal?: SignalSource;
  readonly context: ExecutionContext;
  /** Validated input of a tool. */
  readonly input?: unknown;
}
