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
    return withHint(result, LIST_TIME_TO_LIVE);
  }
  return method === 'resources/read' ? withHint(result, 0) : result;
}

/** A handler may say it itself, but not what no client could make sense of. */
function withHint(
  result: Record<string, unknown>,
  otherwise: number,
): Record<string, unknown> {
  const { ttlMs } = result;
  const isTime = Number.isFinite(ttlMs) && (ttlMs as number) >= 0;
  return {
    ...result,
    ttlMs: isTime ? ttlMs : otherwise,
    cacheScope: 'private',
  };
}
