import type { ResourceTarget } from '../verification/protected-resource.js';

/**
 * RFC 9728 metadata, as far as it is published. Nothing of client
 * registration belongs in it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9728#section-2
 */
export interface ProtectedResourceDocument {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly string[];
  readonly jwks_uri?: string;
  readonly scopes_supported?: readonly string[];
  readonly resource_name?: string;
  readonly resource_documentation?: string;
}

/**
 * Describes a resource to its clients.
 *
 * @param keysUrl where the application publishes its keys, if it has any
 */
export function describeResource(
  target: ResourceTarget,
  keysUrl?: string,
): ProtectedResourceDocument {
  const { resource, identifier, zone } = target;
  const scopes = resource.scopesSupported;
  return {
    resource: identifier,
    authorization_servers: [zone.issuer],
    bearer_methods_supported: ['header'],
    ...(keysUrl && { jwks_uri: keysUrl }),
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    ...(resource.name && { resource_name: resource.name }),
    ...(resource.documentation && {
      resource_documentation: resource.documentation,
    }),
  };
}
