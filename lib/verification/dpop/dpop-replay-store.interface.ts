/**
 * Remembers which DPoP proofs were used. Replicas that serve one resource
 * should share one: what one of them has seen, none may accept again.
 *
 * @example
 * ```ts
 * class RedisReplayStore implements DpopReplayStore {
 *   constructor(private readonly redis: Redis) {}
 *
 *   async claim(key: string, ttlMs: number): Promise<boolean> {
 *     return (await this.redis.set(`dpop:${key}`, '', 'PX', ttlMs, 'NX')) === 'OK';
 *   }
 * }
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-11.1
 * @publicApi
 */
export interface DpopReplayStore {
  /**
   * Marks a proof as used. Must be atomic: of two calls at once, one is first.
   * A store that cannot tell must throw, so that the request is refused.
   *
   * @param key digest of the proof's id and key
   * @param ttlMs milliseconds after which the proof is refused for its age
   * @returns whether the key was seen for the first time
   */
  claim(key: string, ttlMs: number): boolean | Promise<boolean>;
}
