import { LIST_TIME_TO_LIVE } from './modern.constants.js';

/** What `server/discover` says, which the package answers by itself. */
export const DISCOVER_CACHE_HINTS = {
  'server/discover': { ttlMs: LIST_TIME_TO_LIVE, cacheScope: 'private' },
} as const;

/**
 * Says how long a client may keep a result that it may keep at all. What is listed or read is
 * never `public`: what callers see may depend on their scopes, and everything
 * here was asked with a token.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching
 */
export function withCacheHints(
  method: string,
  result: Record<string, unknown>,
): Record<string, unknown> {
  if (method.endsWith('/list')) {
    return { ttlMs: LIST_TIME_TO_LIVE, ...result, cacheScope: 'private' };
  }
  return method === 'resources/read'
    ? { ttlMs: 0, ...result, cacheScope: 'private' }
    : result;
}
