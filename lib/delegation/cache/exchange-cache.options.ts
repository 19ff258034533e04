import type { SharedCacheOptions } from './shared-token-store.js';

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
  /**
   * Milliseconds that a refusal of the zone is remembered, when only a change
   * at the zone could make it another answer. A missing user grant is not.
   * @default 3000
   */
  readonly refusalLifetime?: number;
  /** Tokens shared with other replicas. */
  readonly shared?: SharedCacheOptions;
}
