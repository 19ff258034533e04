import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Principal } from './principal.js';
import type { ResourceTarget } from './protected-resource.js';

/** How long a verified token is remembered. */
export interface VerifiedTokenCacheOptions {
  /**
   * Milliseconds, at most until the token expires. 0 verifies every time.
   * @default 60000
   */
  readonly lifetime?: number;
  /**
   * Number of tokens remembered.
   * @default 10000
   */
  readonly maxTokens?: number;
}

/**
 * Tokens that were verified a moment ago, by digest: checking a signature
 * costs more than the rest of a request.
 */
export class VerifiedTokenCache {
  private readonly lifetime: number;
  private readonly principals: LRUCache<string, Principal>;
  private readonly targets = new WeakMap<ResourceTarget, number>();
  private lastTarget = 0;

  constructor(options: VerifiedTokenCacheOptions = {}) {
    this.lifetime = options.lifetime ?? 60_000;
    this.principals = new LRUCache({ max: options.maxTokens ?? 10_000 });
  }

  get(token: string, target: ResourceTarget): Principal | undefined {
    if (this.lifetime <= 0) return undefined;
    const key = this.keyOf(token, target);
    const principal = this.principals.get(key);
    if (principal && principal.expiresAt * 1000 <= Date.now()) {
      this.principals.delete(key);
      return undefined;
    }
    return principal;
  }

  set(token: string, target: ResourceTarget, principal: Principal): void {
    const life = principal.expiresAt * 1000 - Date.now();
    const ttl = Math.floor(Math.min(life, this.lifetime));
    if (ttl <= 0) return;
    this.principals.set(this.keyOf(token, target), principal, { ttl });
  }

  clear(): void {
    this.principals.clear();
  }

  // A token is remembered for the very target it was verified for, so that one
  // resource never profits from what another one, or another zone, accepts.
  private keyOf(token: string, target: ResourceTarget): string {
    let number = this.targets.get(target);
    if (number === undefined) {
      number = this.lastTarget += 1;
      this.targets.set(target, number);
    }
    return `${hash('sha256', token, 'base64url')} ${number}`;
  }
}
