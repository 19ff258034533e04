import type { Principal } from '../verification/principal.js';
import { SUBJECT_EXPIRED } from './access-error.factory.js';
import { untilCancelled } from './cache/until-cancelled.js';
import { ExchangePlanner, type ExchangePlan } from './exchange-planner.js';
import { ExchangeMeasurement } from './exchange-report.js';
import { isExpired, ownerOf, type Requester } from './exchange-requester.js';
import type { GrantedToken } from './granted-token.js';
import {
  assertNamed,
  inNameOfCaller,
  isCallersOwn,
} from './local-authority.js';
import { ResourceAccessError } from './resource-access.error.js';
import type { ResourceGrant } from './resource-grant.interface.js';
import { signalOf, type SignalSource } from './signal-source.js';
import type { TokenExchangeDependencies } from './token-exchange.interface.js';

/** How one token is obtained. */
export interface ObtainOptions {
  readonly signal?: SignalSource;
  /** A token that the API did not accept. */
  readonly refused?: GrantedToken;
}

/** One token: planned, looked up, exchanged where it is not at hand. */
export class TokenSource {
  private readonly planner: ExchangePlanner;

  constructor(private readonly dependencies: TokenExchangeDependencies) {
    const { discovery, credential } = dependencies;
    this.planner = new ExchangePlanner(discovery, credential);
  }

  async invalidate(asker: Requester, grant: ResourceGrant): Promise<void> {
    const asked = inNameOfCaller(asker.principal, grant);
    const { key } = await this.planner.plan(asker, asked);
    await this.dependencies.cache.invalidate(key);
  }

  async invalidateAll(principal: Principal): Promise<void> {
    await this.dependencies.cache.invalidateAll(ownerOf(principal));
  }

  /**
   * The token, from the cache or from the zone. Reported either way.
   * Synchronous when it is at hand: this stands in front of most calls. Fails
   * by its promise in any case.
   *
   * @throws OAuthError, ZoneUnavailableError, CredentialError, ExchangeInputError, ResourceAccessError
   */
  obtain(
    asker: Requester,
    declared: ResourceGrant,
    options: ObtainOptions,
  ): GrantedToken | Promise<GrantedToken> {
    const { principal, issuer } = asker;
    const grant = inNameOfCaller(principal, declared);
    const { resource, authority } = grant;
    const facts = {
      resource,
      authority: authority?.kind ?? 'caller',
      isRenewal: options.refused !== undefined,
      issuer,
      principal,
    } as const;
    const { onExchange } = this.dependencies;
    const measurement = new ExchangeMeasurement(facts, onExchange);
    const grantToken = (token: GrantedToken) => {
      measurement.granted();
      return token;
    };
    const fail = (error: unknown): never => {
      measurement.failed(error, signalOf(options.signal));
      throw error;
    };
    try {
      const token = this.find(asker, grant, options, measurement);
      return token instanceof Promise
        ? token.then(grantToken, fail)
        : grantToken(token);
    } catch (error) {
      return Promise.resolve().then(() => fail(error));
    }
  }

  private find(
    asker: Requester,
    grant: ResourceGrant,
    options: ObtainOptions,
    measurement: ExchangeMeasurement,
  ): GrantedToken | Promise<GrantedToken> {
    assertNotExpired(asker.principal, grant);
    assertNamed(asker.principal, grant);
    const { signal, refused } = options;
    if (typeof signal === 'object') signal.throwIfAborted();
    const plan = this.planner.plan(asker, grant);
    if (!(plan instanceof Promise)) {
      const { key, notAfter } = plan;
      const token = this.dependencies.cache.recall(key, notAfter, refused);
      if (token) {
        measurement.onOutcome('hit');
        return token;
      }
    }
    return this.exchange(asker, plan, options, measurement);
  }

  private async exchange(
    { principal }: Requester,
    planned: ExchangePlan | Promise<ExchangePlan>,
    { signal: source, refused }: ObtainOptions,
    { onOutcome, onAttempt }: ExchangeMeasurement,
  ): Promise<GrantedToken> {
    const signal = signalOf(source);
    signal?.throwIfAborted();
    const { key, notAfter, order } =
      planned instanceof Promise
        ? await untilCancelled(planned, signal)
        : planned;
    const { cache, exchanger } = this.dependencies;
    const isOwn = principal && isCallersOwn(principal, order.authority);
    const owner = isOwn ? ownerOf(principal) : undefined;
    return cache.get(
      key,
      notAfter,
      (abort) => exchanger.exchange({ ...order, signal: abort, onAttempt }),
      { signal, refused, onOutcome, owner },
    );
  }
}

/** Nothing is asked for a caller who is not signed in any more. */
function assertNotExpired(
  principal: Principal | undefined,
  { resource }: ResourceGrant,
): void {
  if (!principal || !isExpired(principal)) return;
  throw new ResourceAccessError(resource, 'global_error', SUBJECT_EXPIRED, []);
}
