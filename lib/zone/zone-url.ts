import { parseSecureUrl } from '../oauth/secure-url.js';
import { ZoneConfigurationError } from './zone-configuration.error.js';
import { INVALID_URL, INVALID_ZONE_ID, MISSING_ZONE } from './zone.messages.js';

export const DEFAULT_BASE_URL = 'https://keycard.cloud';

// A zone id becomes a host name. Anything a URL parser could read as more than
// one label would let a request choose the server that vouches for it.
const ZONE_ID = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

/** Whether a string may be used as a zone id. */
export function isZoneId(value: unknown): value is string {
  return typeof value === 'string' && ZONE_ID.test(value);
}

/** The settings a zone is found by. */
export interface ZoneSettings {
  readonly zoneUrl?: string;
  readonly zoneId?: string;
  readonly baseUrl?: string;
}

/**
 * The issuer of a single-zone application: `zoneUrl` as it is, or the zone id
 * as a subdomain of the base URL.
 *
 * @throws ZoneConfigurationError
 */
export function resolveIssuer(settings: ZoneSettings): string {
  if (settings.zoneUrl) return normalizeIssuer('zoneUrl', settings.zoneUrl);
  if (!settings.zoneId) throw new ZoneConfigurationError(MISSING_ZONE);
  return zoneIssuer(
    normalizeIssuer('baseUrl', settings.baseUrl ?? DEFAULT_BASE_URL),
    settings.zoneId,
  );
}

/**
 * The issuer of one zone below a root: scheme and port of the root, zone id
 * as the first label of its host, no path.
 *
 * @throws ZoneConfigurationError when the id is not a zone id
 */
export function zoneIssuer(root: string, zoneId: string): string {
  if (!isZoneId(zoneId)) {
    throw new ZoneConfigurationError(INVALID_ZONE_ID(zoneId));
  }
  const { protocol, host, hostname } = new URL(root);
  const issuer = new URL(`${protocol}//${zoneId}.${host}`);
  if (issuer.hostname !== `${zoneId.toLowerCase()}.${hostname}`) {
    throw new ZoneConfigurationError(INVALID_ZONE_ID(zoneId));
  }
  return issuer.origin;
}

/**
 * An issuer as it is compared later: exactly as given, less trailing slashes.
 *
 * @throws ZoneConfigurationError
 */
export function normalizeIssuer(name: string, value: string): string {
  try {
    const url = parseSecureUrl(value);
    if (url.search || url.hash) throw new Error();
  } catch {
    throw new ZoneConfigurationError(INVALID_URL(name, value));
  }
  return withoutTrailingSlash(value);
}

/** @internal */
export function withoutTrailingSlash(value: string): string {
  return value.replace(/\/+$/, '');
}
