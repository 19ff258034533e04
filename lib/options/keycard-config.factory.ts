import { KeycardAuthGuard } from '../guards/keycard-auth.guard.js';
import type { MetadataOptions } from '../metadata/metadata-options.interface.js';
import { toScopeList } from '../oauth/scopes.js';
import { ZoneLocator } from '../zone/zone-locator.js';
import { checkAudience } from './audience.js';
import { KeycardConfigurationError } from './configuration.error.js';
import { resolveCredential } from './credential.factory.js';
import {
  ENVIRONMENT,
  resolveSetting,
  type Environment,
} from './environment.js';
import type { KeycardConfig } from './keycard-config.js';
import type { KeycardModuleOptions } from './keycard-module-options.interface.js';
import {
  checkPath,
  createMcpConfig,
  DEFAULT_MCP_PATH,
} from './mcp-config.factory.js';
import {
  AUDIENCE_OFF,
  METADATA_PATH_WITHOUT_ZONE,
} from './options.messages.js';
import { resolveResourceUrl } from './resource-url.js';
import { createTokenConfig } from './token-config.factory.js';
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
  const zones = createZoneDirectory(options, environment);
  const locator = new ZoneLocator(zones, options.resolveZone);
  const { identifier, path, warning } = resolveResourceUrl(
    options.resourceUrl,
    mcp?.path ?? DEFAULT_MCP_PATH,
    environment,
    locator,
  );
  const credential = resolveCredential(
    options.applicationCredential,
    environment,
    options.serverName?.trim(),
  );
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
      scopesSupported: toScopeList(options.scopesSupported),
      name: serverName,
      documentation: options.documentationUrl,
      metadataPath: options.metadata?.protectedResource,
    }),
    credential,
    isResourceDerived: warning !== undefined,
    protect: options.protect ?? 'declared',
    guard: options.guard ?? KeycardAuthGuard,
    scopePolicy: {
      hierarchy: options.scopeHierarchy,
      challengeScopes: options.challengeScopes,
    },
    metadata: checkMetadata(options.metadata ?? {}, locator),
    tokens: createTokenConfig(options.tokens ?? {}, credential !== undefined),
    cache: options.cache ?? {},
    consent: options.consent,
    telemetry: options.telemetry ?? 'native',
    logsAudit: options.audit?.log ?? false,
    http: options.http ?? {},
    mcp:
      options.mcp === false
        ? false
        : createMcpConfig(mcp, {
            name: serverName,
            version: options.serverVersion ?? '1.0.0',
            identifier,
          }),
    userIdentifier: resolveSetting(
      undefined,
      ENVIRONMENT.userIdentifier,
      environment,
    ),
    warnings: [warning, options.audience === false && AUDIENCE_OFF].filter(
      (text): text is string => Boolean(text),
    ),
  });
}

/** Documents that differ from zone to zone cannot be at one path. */
const ZONED: readonly string[] = ['protectedResource', 'authorizationServer'];

function checkMetadata(
  options: MetadataOptions,
  { isInPath }: ZoneLocator,
): MetadataOptions {
  for (const [key, path] of Object.entries(options)) {
    const name = `metadata.${key}`;
    if (path === undefined) continue;
    checkPath(path as string, name);
    if (isInPath && ZONED.includes(key)) {
      throw new KeycardConfigurationError(METADATA_PATH_WITHOUT_ZONE(name));
    }
  }
  return options;
}
