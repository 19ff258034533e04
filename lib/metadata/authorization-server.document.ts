import type { ServerMetadata } from '../oauth/server-metadata.js';

/**
 * The zone's metadata for clients of older revisions, which look for it on the
 * MCP server. These do not send `resource` themselves, so it is put into the
 * authorization endpoint: exactly once, all else untouched.
 */
export function describeAuthorizationServer(
  metadata: ServerMetadata,
  resource: string,
): ServerMetadata {
  const { authorization_endpoint: endpoint } = metadata;
  if (!endpoint || !URL.canParse(endpoint)) return metadata;
  const url = new URL(endpoint);
  url.searchParams.set('resource', resource);
  return { ...metadata, authorization_endpoint: url.href };
}
