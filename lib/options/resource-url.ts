import { parseSecureUrl } from '../oauth/secure-url.js';
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
  const url = parse(identifier);
  const isCanonical =
    url && (url.href === identifier || url.href === `${identifier}/`);
  if (!isCanonical || url.search || url.hash) {
    throw new KeycardConfigurationError(INVALID_RESOURCE_URL(identifier));
  }
  return { identifier, path: url.pathname.replace(/\/+$/, '') };
}

function parse(identifier: string): URL | undefined {
  try {
    return parseSecureUrl(identifier);
  } catch {
    return undefined;
  }
}
