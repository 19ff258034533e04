import { parseSecureUrl } from '../oauth/secure-url.js';
import { ZONE_PLACEHOLDER } from '../verification/protected-resource.js';
import { KeycardConfigurationError } from './configuration.error.js';
import {
  ENVIRONMENT,
  resolveSetting,
  type Environment,
} from './environment.js';
import {
  DERIVED_RESOURCE_URL,
  INVALID_RESOURCE_URL,
  MISSING_RESOURCE_URL,
} from './options.messages.js';

// What the placeholder is replaced with to see whether the rest is a URL.
const SAMPLE_ZONE = 'zone';

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
): ResourceUrl {
  const configured = resolveSetting(
    explicit,
    ENVIRONMENT.resourceUrl,
    environment,
  );
  if (configured) return parseResourceUrl(configured);
  if (environment.NODE_ENV === 'production') {
    throw new KeycardConfigurationError(MISSING_RESOURCE_URL);
  }
  const port = environment.PORT?.trim() || '3000';
  const derived = `http://localhost:${port}${mcpPath}`;
  return {
    ...parseResourceUrl(derived),
    warning: DERIVED_RESOURCE_URL(derived),
  };
}

/**
 * Resource identifiers are compared character by character, so one that a URL
 * parser would rewrite cannot be matched by clients.
 *
 * @throws KeycardConfigurationError
 */
export function parseResourceUrl(identifier: string): ResourceUrl {
  const sample = identifier.replaceAll(ZONE_PLACEHOLDER, SAMPLE_ZONE);
  const url = parse(sample);
  const isCanonical = url && (url.href === sample || url.href === `${sample}/`);
  if (!isCanonical || url.search || url.hash) {
    throw new KeycardConfigurationError(INVALID_RESOURCE_URL(identifier));
  }
  const path = url.pathname.replace(/\/+$/, '');
  return { identifier, path };
}

function parse(identifier: string): URL | undefined {
  try {
    return parseSecureUrl(identifier);
  } catch {
    return undefined;
  }
}
