import type { AudiencePolicy } from '../verification/protected-resource.js';
import { SIGNATURE_ALGORITHMS } from '../verification/signature-key.js';
import type { TokenPolicy } from '../verification/token-verifier.js';
import { ZoneDirectory } from '../zone/zone-directory.js';
import { resolveIssuer, withoutTrailingSlash } from '../zone/zone-url.js';
import { KeycardConfigurationError } from './configuration.error.js';
import { resolveCredential } from './credential.factory.js';
import {
  ENVIRONMENT,
  resolveSetting,
  type Environment,
} from './environment.js';
import type { KeycardConfig } from './keycard-config.js';
import type { KeycardModuleOptions } from './keycard-module-options.interface.js';
import { createMcpConfig, DEFAULT_MCP_PATH } from './mcp-config.factory.js';
import {
  AUDIENCE_MAP_WITHOUT_ZONES,
  AUDIENCE_OFF,
  CONFLICTING_ZONE_URLS,
  EMPTY_AUDIENCE,
  INVALID_ALGORITHMS,
  INVALID_CLOCK_TOLERANCE,
} from './options.messages.js';
import { resolveResourceUrl } from './resource-url.js';
import { toScopeList } from './scopes.js';

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
  const serverName = options.serverName?.trim() || 'nestjs-keycard';
  return Object.freeze({
    zones: ZoneDirectory.single(resolveZone(options, environment)),
    resource: Object.freeze({
      identifier,
      path,
      audience: checkAudience(options.audience),
      requiredScopes: toScopeList(options.requiredScopes),
      name: serverName,
      documentation: options.documentationUrl,
    }),
    serverName,
    serverVersion: options.serverVersion ?? '1.0.0',
    credential: resolveCredential(options.applicationCredential, environment),
    protect: options.protect ?? 'declared',
    tokens: checkTokenPolicy(options.tokens ?? {}),
    cache: options.cache ?? {},
    http: options.http ?? {},
    mcp: options.mcp === false ? false : createMcpConfig(mcp, identifier),
    warnings: [warning, options.audience === false && AUDIENCE_OFF].filter(
      (text): text is string => Boolean(text),
    ),
  });
}

function resolveZone(
  options: KeycardModuleOptions,
  environment: Environment,
): string {
  checkZoneVariables(options, environment);
  const read = (name: 'zoneUrl' | 'zoneId' | 'baseUrl') =>
    resolveSetting(options[name], ENVIRONMENT[name], environment);
  return resolveIssuer({
    zoneUrl: read('zoneUrl'),
    zoneId: read('zoneId'),
    baseUrl: read('baseUrl'),
  });
}

/** Three names for one thing: two of them that differ are a mistake. */
function checkZoneVariables(
  options: KeycardModuleOptions,
  environment: Environment,
): void {
  if (options.zoneUrl?.trim()) return;
  const set = ENVIRONMENT.zoneUrl.filter((name) => environment[name]?.trim());
  const [first, ...others] = set;
  const valueOf = (name: string) =>
    withoutTrailingSlash(environment[name]!.trim());
  const other = others.find((name) => valueOf(name) !== valueOf(first!));
  if (other) {
    throw new KeycardConfigurationError(CONFLICTING_ZONE_URLS(first!, other));
  }
}

function checkAudience(
  audience: AudiencePolicy | undefined,
): AudiencePolicy | undefined {
  if (audience === undefined || audience === false) return audience;
  if (audience.length === 0) {
    throw new KeycardConfigurationError(EMPTY_AUDIENCE);
  }
  if (typeof audience === 'object' && !Array.isArray(audience)) {
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
