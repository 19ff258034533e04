import { LRUCache } from 'lru-cache';
import type { GrantedToken } from './granted-token.js';

/** How long exchanged tokens are used again. */
export interface ExchangeCacheOptions {
  /**
   * Milliseconds, at most until the token or the caller's token expires.
   * Policies of the zone are evaluated at the exchange: longer means later.
   * @default 60000
   */
  readonly lifetime?: number;
  /**
   * Milliseconds before a token expires in which it is not used any more.
   * @default 10000
   */
  readonly expirySkew?: number;
  /**
   * Number of tokens remembered.
   * @default 10000
   */
  readonly maxTokens?: number;
}

/**
 * Exchanged tokens of a moment ago, and the exchanges under way: equal
 * exchanges are done once. A failure is not remembered.
 */
export class ExchangeCache {
  private readonly lifetime: number;
  private readonly expirySkew: number;
  private readonly tokens: LRUCache<string, GrantedToken>;
  private readonly pending = new Map<string, Promise<GrantedToken>>();

  /** @param options `false` turns remembering off; exchanges under way are still shared */
  constructor(options: ExchangeCacheOptions | false = {}) {
    const settings = options === false ? { lifetime: 0 } : options;
    this.lifetime = settings.lifetime ?? 60_000;
    this.expirySkew = settings.expirySkew ?? 10_000;
    this.tokens = new LRUCache({ max: settings.maxTokens ?? 10_000 });
  }

  /** Number of exchanges under way. */
  get pendingCount(): number {
    return this.pending.size;
  }

  /**
   * The token under a key, exchanged when it is not at hand.
   *
   * @param notAfter when the caller's own token expires, in milliseconds since the epoch
   */
  async get(
    key: string,
    notAfter: number,
    exchange: () => Promise<GrantedToken>,
  ): Promise<GrantedToken> {
    const remembered = this.recall(key, notAfter);
    if (remembered) return remembered;
    let pending = this.pending.get(key);
    if (!pending) {
      pending = exchange()
        .then((token) => {
          this.remember(key, notAfter, token);
          return token;
        })
        .finally(() => this.pending.delete(key));
      this.pending.set(key, pending);
    }
    return pending;
  }

  private recall(key: string, notAfter: number): GrantedToken | undefined {
    const token = this.tokens.get(key);
    // The cache measures time; a machine that slept has not noticed it pass.
    if (!token || this.lifeOf(token, notAfter) > 0) return token;
    this.tokens.delete(key);
    return undefined;
  }

  private remember(key: string, notAfter: number, token: GrantedToken): void {
    const life = this.lifeOf(token, notAfter);
    const ttl = Math.floor(Math.min(this.lifetime, life));
    if (ttl > 0) this.tokens.set(key, token, { ttl });
  }

  /** Milliseconds. Without a stated life nobody knows how long a token is good. */
  private lifeOf({ expiresAt = 0 }: GrantedToken, notAfter: number): number {
    return Math.min(expiresAt - this.expirySkew, notAfter) - Date.now();
  }
}
