import type { McpServerConfig } from '../mcp/server/mcp-server.config.js';
import { toScopeList } from '../oauth/scopes.js';
import type { ProtectedResourceInit } from '../verification/protected-resource.js';
import type { ZoneLocator } from '../zone/zone-locator.js';
import { checkAudience } from './audience.js';
import type { KeycardFeatureOptions } from './keycard-feature-options.interface.js';
import { checkPath, createMcpConfig } from './mcp-config.factory.js';
import { parseResourceUrl } from './resource-url.js';

/** A feature, resolved and checked. */
export interface FeatureConfig {
  readonly resource: ProtectedResourceInit;
  readonly mcp: McpServerConfig | undefined;
}

/** @throws KeycardConfigurationError */
export function createFeatureConfig(
  options: KeycardFeatureOptions,
  zones: ZoneLocator,
): FeatureConfig {
  const { identifier, path: publicPath } = parseResourceUrl(
    options.resourceUrl,
    zones,
  );
  const path =
    options.path === undefined ? publicPath : checkPath(options.path, 'path');
  return {
    resource: {
      identifier,
      path,
      isZoneInPath: zones.isInPath,
      audience: checkAudience(options.audience, zones.isMultiZone),
      requiredScopes: toScopeList(options.requiredScopes),
      scopesSupported: toScopeList(options.scopesSupported),
      name: options.name,
      documentation: options.documentationUrl,
    },
    mcp: createServer(options, identifier, path),
  };
}

function createServer(
  { mcp, name }: KeycardFeatureOptions,
  identifier: string,
  path: string,
): McpServerConfig | undefined {
  if (!mcp) return undefined;
  const settings = mcp === true ? {} : mcp;
  return createMcpConfig(
    { ...settings, path },
    {
      name: name ?? identifier,
      version: settings.version ?? '1.0.0',
      identifier,
    },
  );
}
