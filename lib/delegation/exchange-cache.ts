import { LRUCache } from 'lru-cache';
import type { ExchangeCacheOptions } from './cache/exchange-cache.options.js';
import { isFinalRefusal } from './cache/final-refusal.js';
import { PendingExchange } from './cache/pending-exchange.js';
import type { SharedTokenStore } from './cache/shared-token-store.js';
import type { GrantedToken } from './granted-token.js';

export type { ExchangeCacheOptions } from './cache/exchange-cache.options.js';

/** Where a token came from. */
export type CacheOutcome = 'hit' | 'shared_hit' | 'miss';

/** One look into the cache. */
export interface CacheRequest {
  readonly signal?: AbortSignal;
  /** Whom the token is for: see {@link ExchangeCache.invalidateAll}. */
  readonly owner?: string;
  /** A token that did not help: it is not given again without an exchange. */
  readonly refused?: GrantedToken;
  readonly onOutcome?: (outcome: CacheOutcome) => void;
}

interface Remembered<T> {
  readonly value: T;
  readonly owner: string | undefined;
}

/** One exchange, as long as it is going on. */
interface Attempt extends CacheRequest {
  readonly key: string;
  readonly notAfter: number;
  readonly exchange: (signal: AbortSignal) => Promise<GrantedToken>;
  /** Whether its result may be remembered: nothing was invalidated since. */
  readonly isCurrent: () => boolean;
}

/**
 * Exchanged tokens of a moment ago, and the exchanges under way: equal
 * exchanges are done once. Of failures, only refusals are remembered, and
 * briefly.
 */
export class ExchangeCache {
  private readonly lifetime: number;
  private readonly expirySkew: number;
  private readonly tokens: LRUCache<string, Remembered<GrantedToken>>;
  private readonly refusals: LRUCache<string, Remembered<Error>> | undefined;
  private readonly pending = new Map<string, PendingExchange>();

  /** @param options `false` turns remembering off; exchanges under way are still shared */
  constructor(
    options: ExchangeCacheOptions | false = {},
    private readonly shared?: SharedTokenStore,
  ) {
    const settings: ExchangeCacheOptions =
      options === false ? { lifetime: 0 } : options;
    const { maxTokens = 10_000, refusalLifetime = 3_000 } = settings;
    this.lifetime = settings.lifetime ?? 60_000;
    this.expirySkew = settings.expirySkew ?? 10_000;
    this.tokens = new LRUCache({ max: maxTokens });
    if (this.lifetime > 0 && refusalLifetime > 0) {
      this.refusals = new LRUCache({ max: maxTokens, ttl: refusalLifetime });
    }
  }

  /** Number of exchanges under way. */
  get pendingCount(): number {
    return this.pending.size;
  }

  /**
   * The token under a key, exchanged when it is not at hand. An exchange goes
   * on for as long as anybody waits for it.
   *
   * @param notAfter when the caller's own token expires, in milliseconds since the epoch
   */
  async get(
    key: string,
    notAfter: number,
    exchange: (signal: AbortSignal) => Promise<GrantedToken>,
    request: CacheRequest = {},
  ): Promise<GrantedToken> {
    const { signal, refused, onOutcome } = request;
    signal?.throwIfAborted();
    const remembered = this.recall(key, notAfter, refused);
    if (remembered) {
      onOutcome?.('hit');
      return remembered;
    }
    const refusal = this.refusals?.get(key);
    if (refusal) {
      onOutcome?.('hit');
      throw refusal.value;
    }
    const underWay = this.pending.get(key);
    if (underWay && !underWay.isAbandoned) {
      onOutcome?.('hit');
      const token = await underWay.wait(signal);
      // It may have come from other replicas, who do not know it is no good.
      if (!isSame(token, refused)) return token;
    }
    return this.begin({ ...request, key, notAfter, exchange }).wait(signal);
  }

  /**
   * The token under a key, if it is at hand.
   *
   * @param refused a token that did not help: it is forgotten
   */
  recall(
    key: string,
    notAfter: number,
    refused: GrantedToken | undefined,
  ): GrantedToken | undefined {
    const token = this.tokens.get(key)?.value;
    if (!token) return undefined;
    // The cache measures time; a machine that slept has not noticed it pass.
    const isGood = this.lifeOf(token, notAfter) > 0 && !isSame(token, refused);
    if (isGood) return token;
    this.tokens.delete(key);
    return undefined;
  }

  /** Forgets a token, and does not remember what is being exchanged for it. */
  async invalidate(key: string): Promise<void> {
    this.tokens.delete(key);
    this.refusals?.delete(key);
    this.pending.delete(key);
    await this.shared?.delete(key);
  }

  /** Forgets all that this replica knows of an owner, in the shared cache too. */
  async invalidateAll(owner: string): Promise<void> {
    const known = [
      ...this.tokens.entries(),
      ...(this.refusals?.entries() ?? []),
      ...this.pending,
    ];
    const keys = known
      .filter(([, entry]) => entry.owner === owner)
      .map(([key]) => key);
    await Promise.all([...new Set(keys)].map((key) => this.invalidate(key)));
  }

  private begin(request: Omit<Attempt, 'isCurrent'>): PendingExchange {
    const { key, owner } = request;
    const isCurrent = () => this.pending.get(key) === pending;
    const pending: PendingExchange = new PendingExchange(
      (signal) => this.run({ ...request, isCurrent }, signal),
      owner,
    );
    this.pending.set(key, pending);
    const forget = () => {
      if (isCurrent()) this.pending.delete(key);
    };
    pending.settled.then(forget, forget);
    return pending;
  }

  private async run(
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<GrantedToken> {
    const shared = await this.recallShared(attempt);
    signal.throwIfAborted();
    attempt.onOutcome?.(shared ? 'shared_hit' : 'miss');
    return shared ?? this.perform(attempt, signal);
  }

  private async perform(
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<GrantedToken> {
    const { key, owner, isCurrent } = attempt;
    try {
      const token = await attempt.exchange(signal);
      // Invalidated meanwhile: good for those who wait, and for nobody else.
      if (isCurrent()) await this.remember(attempt, token);
      return token;
    } catch (error) {
      if (isCurrent() && isFinalRefusal(error)) {
        this.refusals?.set(key, { value: error, owner });
      }
      throw error;
    }
  }

  private async recallShared(
    attempt: Attempt,
  ): Promise<GrantedToken | undefined> {
    if (!this.shared || this.lifetime <= 0) return undefined;
    const found = await this.shared.get(attempt.key);
    // Invalidated meanwhile, as those were who wait for it.
    if (!found || !attempt.isCurrent()) return undefined;
    if (isSame(found.token, attempt.refused)) return undefined;
    const ttl = this.keep(attempt, found.token, found.until);
    return ttl > 0 ? found.token : undefined;
  }

  private async remember(attempt: Attempt, token: GrantedToken): Promise<void> {
    const { key, refused, isCurrent } = attempt;
    const ttl = this.keep(attempt, token);
    if (ttl > 0) await this.shared?.set(key, token, ttl);
    // What was there is no good; what came late was invalidated before.
    const isUnwanted = ttl > 0 ? !isCurrent() : refused !== undefined;
    if (isUnwanted) await this.shared?.delete(key);
  }

  /** @param until when another replica wants to have it forgotten */
  private keep(
    { key, notAfter, owner }: Attempt,
    token: GrantedToken,
    until = Infinity,
  ): number {
    const life = Math.min(this.lifeOf(token, notAfter), until - Date.now());
    const ttl = Math.floor(Math.min(this.lifetime, life));
    if (ttl > 0) this.tokens.set(key, { value: token, owner }, { ttl });
    return ttl;
  }

  /** Milliseconds. Without a stated life nobody knows how long a token is good. */
  private lifeOf({ expiresAt = 0 }: GrantedToken, notAfter: number): number {
    return Math.min(expiresAt - this.expirySkew, notAfter) - Date.now();
  }
}

function isSame(token: GrantedToken, other: GrantedToken | undefined): boolean {
  return token.accessToken === other?.accessToken;
}
