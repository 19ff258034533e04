import { PROTOCOL_ERAS } from '../mcp/modern/modern-era.js';
import { ModernLogMessages } from '../mcp/modern/modern.messages.js';
import { areReplicasLikely } from '../mcp/modern/replica-hint.js';
import type { McpServerConfig } from '../mcp/server/mcp-server.config.js';
import { createHostMatcher, createOriginMatcher } from './allowed-origins.js';
import { KeycardConfigurationError } from './configuration.error.js';
import type { Environment } from './environment.js';
import type {
  McpOptions,
  SubscriptionOptions,
} from './mcp-options.interface.js';
import { checkNumber } from './number.js';
import { INVALID_PAGE_SIZE, INVALID_PATH } from './options.messages.js';
import { createSessionConfig } from './session-config.factory.js';

export const DEFAULT_MCP_PATH = '/mcp';

const PATH = /^(?:\/[A-Za-z0-9\-._~!$&'()*+,;=:@]+)+$/;

/** Characters. */
const MIN_STATE_SECRET = 32;

/**
 * Fills in the settings of an MCP endpoint.
 *
 * @throws KeycardConfigurationError
 */
export function createMcpConfig(
  options: McpOptions | undefined,
  server: { name: string; version: string; identifier: string },
  environment: Environment = process.env,
): McpServerConfig {
  const settings = options ?? {};
  const { identifier, ...info } = server;
  return {
    ...info,
    isExplicit: options !== undefined,
    path: checkPath(settings.path ?? DEFAULT_MCP_PATH, 'mcp.path'),
    ...(settings.instructions && { instructions: settings.instructions }),
    sessions: createSessionConfig(settings.sessions),
    subscriptions: createSubscriptions(settings.subscriptions),
    ...(settings.eventBus && { eventBus: settings.eventBus }),
    stateless: settings.stateless ?? true,
    callTimeout: checkNumber('mcp.callTimeout', settings.callTimeout ?? 60_000),
    onDisconnect: settings.onDisconnect ?? 'abort',
    bodyLimit: checkNumber('mcp.bodyLimit', settings.bodyLimit ?? 4_194_304),
    pageSize: checkPageSize(settings.pageSize ?? 1000),
    filtersLists: settings.listUnauthorized !== true,
    eras: checkEras(settings.eras ?? 'both'),
    areErasExplicit: settings.eras !== undefined,
    ...checkStateSecret(settings.stateSecret),
    areReplicasLikely: areReplicasLikely(environment),
    isHostAllowed: createHostMatcher(identifier, settings.allowedHosts),
    isOriginAllowed: createOriginMatcher(identifier, settings.allowedOrigins),
  };
}

/** @throws KeycardConfigurationError */
export function checkPath(path: string, name: string): string {
  if (PATH.test(path)) return path;
  throw new KeycardConfigurationError(INVALID_PATH(name, path));
}

function checkEras(eras: McpServerConfig['eras']): McpServerConfig['eras'] {
  if (PROTOCOL_ERAS.includes(eras)) return eras;
  throw new KeycardConfigurationError(
    ModernLogMessages.invalidEras(PROTOCOL_ERAS, eras),
  );
}

// Short secrets are guessed, and this one lets its finder make up states.
function checkStateSecret(
  secret: string | undefined,
): Pick<McpServerConfig, 'stateSecret'> {
  if (secret === undefined) return {};
  if (secret.length >= MIN_STATE_SECRET) return { stateSecret: secret };
  throw new KeycardConfigurationError(
    ModernLogMessages.shortStateSecret(MIN_STATE_SECRET),
  );
}

function createSubscriptions(options: SubscriptionOptions = {}) {
  const {
    maxResources = 100,
    maxStreams = 10_000,
    maxStreamsPerCaller = 100,
  } = options;
  return {
    maxResources: checkNumber('mcp.subscriptions.maxResources', maxResources),
    maxStreams: checkNumber('mcp.subscriptions.maxStreams', maxStreams),
    maxStreamsPerCaller: checkNumber(
      'mcp.subscriptions.maxStreamsPerCaller',
      maxStreamsPerCaller,
    ),
  };
}

function checkPageSize(value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new KeycardConfigurationError(INVALID_PAGE_SIZE(value));
}
