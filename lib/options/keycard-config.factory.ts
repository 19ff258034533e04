import type { MetadataOptions } from '../metadata/metadata-options.interface.js';
import { toScopeList } from '../oauth/scopes.js';
import type { AudiencePolicy } from '../verification/protected-resource.js';
import { SIGNATURE_ALGORITHMS } from '../verification/signature-key.js';
import type { TokenPolicy } from '../verification/token-verifier.js';
import { ZoneLocator } from '../zone/zone-locator.js';
import { KeycardConfigurationError } from './configuration.error.js';
import { resolveCredential } from './credential.factory.js';
import type { Environment } from './environment.js';
import type { KeycardConfig } from './keycard-config.js';
import type { KeycardModuleOptions } from './keycard-module-options.interface.js';
import {
  checkPath,
  createMcpConfig,
  DEFAULT_MCP_PATH,
} from './mcp-config.factory.js';
import {
  AUDIENCE_MAP_WITHOUT_ZONES,
  AUDIENCE_OFF,
  EMPTY_AUDIENCE,
  INVALID_ALGORITHMS,
  INVALID_CLOCK_TOLERANCE,
} from './options.messages.js';
import { resolveResourceUrl } from './resource-url.js';
import { createZoneDirectory } from './zone-config.factory.js';

/**
 * Resolves the options, once: explicit, then environment, then default.
 *
 * @throws KeycardConfigurationError, ZoneConfigurationError
 */
export function createKeycardConfig(
  options: KeycardModuleOptions,
  environment: Environment = process.env,
): KeycardConfig {
  const mcp = options.mcp === false ? undefined : options.mcp;
  const { identifier, path, warning } = resolveResourceUrl(
    options.resourceUrl,
    mcp?.path ?? DEFAULT_MCP_PATH,
    environment,
  );
  const zones = createZoneDirectory(options, environment);
  const locator = new ZoneLocator(zones, options.resolveZone);
  const serverName = options.serverName?.trim() || 'nestjs-keycard';
  return Object.freeze({
    zones,
    locator,
    resource: Object.freeze({
      identifier,
      path,
      isZoneInPath: locator.isInPath,
      audience: checkAudience(options.audience, zones.isMultiZone),
      requiredScopes: toScopeList(options.requiredScopes),
      name: serverName,
      documentation: options.documentationUrl,
      metadataPath: options.metadata?.protectedResource,
    }),
    credential: resolveCredential(options.applicationCredential, environment),
    protect: options.protect ?? 'declared',
    scopePolicy: {
      hierarchy: options.scopeHierarchy,
      challengeScopes: options.challengeScopes,
    },
    metadata: checkMetadata(options.metadata ?? {}),
    tokens: checkTokenPolicy(options.tokens ?? {}),
    cache: options.cache ?? {},
    http: options.http ?? {},
    mcp:
      options.mcp === false
        ? false
        : createMcpConfig(mcp, {
            name: serverName,
            version: options.serverVersion ?? '1.0.0',
            identifier,
          }),
    warnings: [warning, options.audience === false && AUDIENCE_OFF].filter(
      (text): text is string => Boolean(text),
    ),
  });
}

function checkAudience(
  audience: AudiencePolicy | undefined,
  isMultiZone: boolean,
): AudiencePolicy | undefined {
  if (audience === undefined || audience === false) return audience;
  if (audience.length === 0) {
    throw new KeycardConfigurationError(EMPTY_AUDIENCE);
  }
  const isMap = typeof audience === 'object' && !Array.isArray(audience);
  if (isMap && !isMultiZone) {
    throw new KeycardConfigurationError(AUDIENCE_MAP_WITHOUT_ZONES);
  }
  return audience;
}

function checkTokenPolicy(policy: TokenPolicy): TokenPolicy {
  const { algorithms, clockTolerance = 0 } = policy;
  const areKnown = algorithms?.every((name) =>
    SIGNATURE_ALGORITHMS.includes(name),
  );
  if (algorithms && (algorithms.length === 0 || !areKnown)) {
    throw new KeycardConfigurationError(
      INVALID_ALGORITHMS(SIGNATURE_ALGORITHMS),
    );
  }
  if (!(clockTolerance >= 0 && clockTolerance <= 60)) {
    throw new KeycardConfigurationError(INVALID_CLOCK_TOLERANCE);
  }
  return policy;
}

function checkMetadata(options: MetadataOptions): MetadataOptions {
  for (const [name, path] of Object.entries(options)) {
    if (path !== undefined) checkPath(path as string, `metadata.${name}`);
  }
  return options;
}
