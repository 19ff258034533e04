import { OAuthResponseError } from '../../oauth/errors/oauth-response.error.js';
import { assertIssuerEndpoint } from '../../oauth/issuer-endpoint.js';
import type { ServerMetadata } from '../../oauth/server-metadata.js';
import type { Zone } from '../../zone/zone-directory.js';
import { NO_INTROSPECTION_ENDPOINT } from './introspection.messages.js';

/**
 * Where tokens of a zone are introspected. A token and the application's
 * credential go to the zone's own origin; to another one only if the
 * configuration names it, and never from one of many zones.
 *
 * @param configured URL that is known to be secure
 * @throws InsecureUrlError, OAuthResponseError
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-4
 */
export function introspectionEndpointOf(
  server: ServerMetadata,
  zone: Zone,
  configured: string | undefined,
): string {
  if (configured !== undefined && zone.id === undefined) return configured;
  const endpoint: unknown = configured ?? server.introspection_endpoint;
  if (typeof endpoint !== 'string') {
    throw new OAuthResponseError(NO_INTROSPECTION_ENDPOINT);
  }
  assertIssuerEndpoint(server.issuer, endpoint);
  return endpoint;
}
