import type { McpServerConfig } from '../mcp/server/mcp-server.config.js';
import type { SessionSharing } from '../mcp/transport/mcp-endpoint.interface.js';
import {
  RESUMPTION_DEFAULTS,
  type ResumptionConfig,
} from '../mcp/transport/resumption/resumption.config.js';
import { MIN_SECRET_LENGTH } from '../replicas/replicas.messages.js';
import { KeycardConfigurationError } from './configuration.error.js';
import { checkNumber } from './number.js';
import {
  INVALID_RETRY_INTERVAL,
  OPTION_WITHOUT_SESSION_SECRET,
  SHORT_SESSION_SECRET,
  STORE_WITH_LIMITS,
} from './options.messages.js';
import type {
  ResumptionOptions,
  SessionOptions,
} from './session-options.interface.js';

const MEMORY_LIMITS = [
  'maxEvents',
  'maxBytes',
  'maxTotalBytes',
  'maxAge',
] as const;

/** One day. */
const DEFAULT_LIFETIME = 86_400_000;

/**
 * Fills in the settings of sessions.
 *
 * @throws KeycardConfigurationError
 */
export function createSessionConfig(
  options: SessionOptions | false | undefined,
): McpServerConfig['sessions'] {
  if (options === false) return false;
  const {
    idleTimeout = 600_000,
    maxSessions = 10_000,
    maxSessionsPerCaller = 100,
    resumption = true,
  } = options ?? {};
  return {
    idleTimeout: checkNumber('mcp.sessions.idleTimeout', idleTimeout),
    maxSessions: checkNumber('mcp.sessions.maxSessions', maxSessions),
    maxSessionsPerCaller: checkNumber(
      'mcp.sessions.maxSessionsPerCaller',
      maxSessionsPerCaller,
    ),
    resumption:
      resumption !== false &&
      createResumption(resumption === true ? {} : resumption),
    sharing: createSharing(options ?? {}),
  };
}

function createResumption(options: ResumptionOptions): ResumptionConfig {
  const { store, retryInterval } = options;
  // Written into the stream as it is.
  if (retryInterval !== undefined && !isWhole(retryInterval)) {
    throw new KeycardConfigurationError(INVALID_RETRY_INTERVAL(retryInterval));
  }
  return {
    store: store ? checkNoLimits(store, options) : createLimits(options),
    retryInterval,
    primeInterval: RESUMPTION_DEFAULTS.primeInterval,
  };
}

function createLimits(options: ResumptionOptions) {
  const limitOf = (name: (typeof MEMORY_LIMITS)[number]) =>
    checkNumber(
      `mcp.sessions.resumption.${name}`,
      options[name] ?? RESUMPTION_DEFAULTS[name],
    );
  return {
    maxEvents: limitOf('maxEvents'),
    maxBytes: limitOf('maxBytes'),
    maxTotalBytes: limitOf('maxTotalBytes'),
    maxAge: limitOf('maxAge'),
  };
}

function checkNoLimits<T>(store: T, options: ResumptionOptions): T {
  const limit = MEMORY_LIMITS.find((name) => options[name] !== undefined);
  if (limit === undefined) return store;
  throw new KeycardConfigurationError(STORE_WITH_LIMITS(limit));
}

// Short secrets are guessed, and this one lets its finder make up sessions.
function createSharing(options: SessionOptions): SessionSharing | undefined {
  const { secret, lifetime, revocations } = options;
  if (secret === undefined) {
    const useless = (['lifetime', 'revocations'] as const).find(
      (name) => options[name] !== undefined,
    );
    if (useless === undefined) return undefined;
    throw new KeycardConfigurationError(OPTION_WITHOUT_SESSION_SECRET(useless));
  }
  const secrets = typeof secret === 'string' ? [secret] : secret;
  if (
    secrets.length === 0 ||
    secrets.some(({ length }) => length < MIN_SECRET_LENGTH)
  ) {
    throw new KeycardConfigurationError(
      SHORT_SESSION_SECRET(MIN_SECRET_LENGTH),
    );
  }
  return {
    secret: secrets,
    lifetime: checkNumber(
      'mcp.sessions.lifetime',
      lifetime ?? DEFAULT_LIFETIME,
    ),
    store: revocations,
  };
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
