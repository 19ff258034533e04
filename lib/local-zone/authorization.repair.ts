import type { ZoneContext } from './zone-context.js';

/**
 * Gives an authorization request without a scope the default of its resource:
 * all scopes. oidc-provider refuses a request that grants no scope at all, so
 * a resource without any gets `openid`, which is not put into access tokens.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 * @returns path and query of the request to make instead
 */
export function withDefaultScope(context: ZoneContext, url: URL): string {
  const repaired = new URL(url);
  const query = repaired.searchParams;
  const resource = context.model.resources.get(query.get('resource') ?? '');
  if (resource && !query.get('scope')) {
    query.set('scope', resource.scopes.join(' ') || 'openid');
  }
  return repaired.pathname + repaired.search;
}
