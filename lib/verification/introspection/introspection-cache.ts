import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';

type Claims = JWTPayload | undefined;

/**
 * Tokens that were introspected a moment ago, by digest, and those being
 * introspected: concurrent requests ask once. Only active tokens are
 * remembered; a failure never is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-4
 */
export class IntrospectionCache {
  private readonly claims: LRUCache<string, JWTPayload>;
  private readonly pending = new Map<string, Promise<Claims>>();

  /** @param lifetime milliseconds, at most until a token expires */
  constructor(
    private readonly lifetime: number,
    maxTokens: number,
  ) {
    this.claims = new LRUCache({ max: maxTokens });
  }

  /** Claims of a token of an issuer, introspected when they are not at hand. */
  async get(
    token: string,
    issuer: string,
    introspect: () => Promise<Claims>,
  ): Promise<Claims> {
    const key = `${hash('sha256', token, 'base64url')} ${issuer}`;
    const remembered = this.claims.get(key);
    if (remembered) return remembered;
    let pending = this.pending.get(key);
    if (!pending) {
      pending = introspect()
        .then((claims) => {
          this.remember(key, claims);
          return claims;
        })
        .finally(() => this.pending.delete(key));
      this.pending.set(key, pending);
    }
    return pending;
  }

  clear(): void {
    this.claims.clear();
  }

  private remember(key: string, claims: Claims): void {
    // Without a stated life nobody knows how long the token is good.
    if (typeof claims?.exp !== 'number') return;
    const life = claims.exp * 1000 - Date.now();
    const ttl = Math.floor(Math.min(this.lifetime, life));
    if (ttl > 0) this.claims.set(key, claims, { ttl });
  }
}
