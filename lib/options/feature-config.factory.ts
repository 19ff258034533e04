import { toScopeList } from '../oauth/scopes.js';
import type { ProtectedResourceInit } from '../verification/protected-resource.js';
import type { KeycardFeatureOptions } from './keycard-feature-options.interface.js';
import { checkPath } from './mcp-config.factory.js';
import { parseResourceUrl } from './resource-url.js';

/** @throws KeycardConfigurationError */
export function createFeatureConfig(
  options: KeycardFeatureOptions,
): ProtectedResourceInit {
  const { identifier, path } = parseResourceUrl(options.resourceUrl);
  return {
    identifier,
    path: options.path === undefined ? path : checkPath(options.path, 'path'),
    audience: options.audience,
    requiredScopes: toScopeList(options.requiredScopes),
    scopesSupported: toScopeList(options.scopesSupported),
    name: options.name,
    documentation: options.documentationUrl,
  };
}
