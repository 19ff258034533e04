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
  readonly dpop_signing_alg_values_supported?: readonly string[];
  readonly dpop_bound_access_tokens_required?: boolean;
}

/** What is the same for all resources of the application. */
export interface ApplicationFacts {
  /** Where the application publishes its keys, if it has any. */
  readonly keysUrl?: string;
  /** What is accepted as proof of possession. */
  readonly dpop?: {
    readonly algorithms: readonly string[];
    readonly required: boolean;
  };
}

/** Describes a resource to its clients. */
export function describeResource(
  { resource, identifier, zone }: ResourceTarget,
  { keysUrl, dpop }: ApplicationFacts,
): ProtectedResourceDocument {
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
    ...(dpop && { dpop_signing_alg_values_supported: dpop.algorithms }),
    ...(dpop?.required && { dpop_bound_access_tokens_required: true }),
  };
}
