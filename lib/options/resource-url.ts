import { parseSecureUrl } from '../oauth/secure-url.js';
import { ZONE_PLACEHOLDER } from '../verification/protected-resource.js';
import type { ZoneLocator } from '../zone/zone-locator.js';
import { KeycardConfigurationError } from './configuration.error.js';
import {
  ENVIRONMENT,
  resolveSetting,
  type Environment,
} from './environment.js';
import {
  DERIVED_RESOURCE_URL,
  INVALID_RESOURCE_URL,
  MISPLACED_ZONE,
  MISSING_RESOURCE_URL,
} from './options.messages.js';

const ZONE_SEGMENT = `/${ZONE_PLACEHOLDER}`;

// What the placeholder is replaced with to see whether the rest is a URL.
const SAMPLE_ZONE = 'zone';

/** Where the zone of a request is found. */
export type ZonePlacement = Pick<ZoneLocator, 'isMultiZone' | 'isInPath'>;

/** A public URL with what it says. */
export interface ResourceUrl {
  readonly identifier: string;
  readonly path: string;
  readonly warning?: string;
}

/**
 * The public URL of the application: as configured, or in development one that
 * is likely. Never from a request.
 *
 * @throws KeycardConfigurationError
 */
export function resolveResourceUrl(
  explicit: string | undefined,
  mcpPath: string,
  environment: Environment,
  zones: ZonePlacement,
): ResourceUrl {
  const configured = resolveSetting(
    explicit,
    ENVIRONMENT.resourceUrl,
    environment,
  );
  if (configured) return parseResourceUrl(configured, zones);
  if (environment.NODE_ENV === 'production') {
    throw new KeycardConfigurationError(MISSING_RESOURCE_URL);
  }
  const port = environment.PORT?.trim() || '3000';
  const derived = `http://localhost:${port}${mcpPath}`;
  return {
    ...parseResourceUrl(derived, zones),
    warning: DERIVED_RESOURCE_URL(derived),
  };
}

/**
 * Resource identifiers are compared character by character, so one that a URL
 * parser would rewrite cannot be matched by clients.
 *
 * @throws KeycardConfigurationError
 */
export function parseResourceUrl(
  identifier: string,
  zones: ZonePlacement,
): ResourceUrl {
  checkPlaceholder(identifier, zones);
  const sample = identifier.replaceAll(ZONE_PLACEHOLDER, SAMPLE_ZONE);
  const url = parse(sample);
  const isCanonical = url && (url.href === sample || url.href === `${sample}/`);
  if (!isCanonical || url.search || url.hash) {
    throw new KeycardConfigurationError(INVALID_RESOURCE_URL(identifier));
  }
  const prefix = zones.isInPath ? ZONE_SEGMENT : '';
  const path = identifier
    .slice(originOf(identifier).length)
    .replace(prefix, '')
    .replace(/\/+$/, '');
  return { identifier, path };
}

/** The public URL has the zone where requests are read for it, or nowhere. */
function checkPlaceholder(identifier: string, zones: ZonePlacement): void {
  const [, , host = '', first, ...others] = identifier.split('/');
  const read = zones.isInPath && first === ZONE_PLACEHOLDER ? '' : first;
  const rest = zones.isMultiZone && !zones.isInPath ? [] : [host];
  const misplaced = [...rest, read, ...others].join('/');
  if (misplaced.includes(ZONE_PLACEHOLDER)) {
    throw new KeycardConfigurationError(MISPLACED_ZONE(identifier));
  }
}

function originOf(identifier: string): string {
  return identifier.split('/', 3).join('/');
}

function parse(identifier: string): URL | undefined {
  try {
    return parseSecureUrl(identifier);
  } catch {
    return undefined;
  }
}
