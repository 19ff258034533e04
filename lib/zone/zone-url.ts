import { parseSecureUrl } from '../oauth/secure-url.js';
import { withoutCredentials } from '../oauth/url-credentials.js';
import { ZoneConfigurationError } from './zone-configuration.error.js';
import {
  INVALID_URL,
  INVALID_ZONE_ID,
  MISSING_ZONE,
  NO_ZONES_BELOW,
} from './zone.messages.js';

export const DEFAULT_BASE_URL = 'https://keycard.cloud';

// A zone id becomes a host name. Anything a URL parser could read as more than
// one label would let a request choose the server that vouches for it. Host
// names have no case, so there is one spelling: a zone must not have two ids. Punycode (`xn--`) is refused: it hides other letters,
// and releases of Node differ in what they take for it.
const ZONE_ID = /^(?!xn--)[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/;

/** Whether a string may be used as a zone id. */
export function isZoneId(value: unknown): value is string {
  return typeof value === 'string' && ZONE_ID.test(value);
}

/** @throws ZoneConfigurationError */
export function assertZoneId(value: string | undefined): string {
  if (isZoneId(value)) return value;
  throw new ZoneConfigurationError(INVALID_ZONE_ID(value ?? ''));
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
  const root = normalizeIssuer('baseUrl', settings.baseUrl ?? DEFAULT_BASE_URL);
  assertZoneRoot(root);
  return zoneIssuer(root, settings.zoneId);
}

/**
 * The issuer of one zone below a root: scheme and port of the root, zone id
 * as the first label of its host, no path.
 *
 * @throws ZoneConfigurationError when the id is not a zone id
 */
export function zoneIssuer(root: string, zoneId: string): string {
  const issuer = findZoneIssuer(root, zoneId);
  if (issuer === undefined) {
    throw new ZoneConfigurationError(INVALID_ZONE_ID(zoneId));
  }
  return issuer;
}

/** The same for ids out of requests: `undefined` for what is not a zone id. */
export function findZoneIssuer(
  root: string,
  zoneId: string | undefined,
): string | undefined {
  if (!isZoneId(zoneId)) return undefined;
  const { protocol, host, hostname } = new URL(root);
  const value = `${protocol}//${zoneId}.${host}`;
  // Not every root takes a label: an IP address does not.
  if (!URL.canParse(value)) return undefined;
  const issuer = new URL(value);
  return issuer.hostname === `${zoneId}.${hostname}`
    ? issuer.origin
    : undefined;
}

/**
 * An IP address has no subdomains.
 *
 * @throws ZoneConfigurationError when there can be no zones below a root
 */
export function assertZoneRoot(root: string): void {
  if (findZoneIssuer(root, 'zone') === undefined) {
    throw new ZoneConfigurationError(NO_ZONES_BELOW(root));
  }
}

/**
 * An issuer as it is compared later: as a URL parser spells it, less trailing
 * slashes.
 *
 * @throws ZoneConfigurationError
 */
export function normalizeIssuer(name: string, value: string): string {
  try {
    const { origin, pathname, search, hash } = parseSecureUrl(value);
    if (search || hash) throw new Error();
    return withoutTrailingSlash(origin + pathname);
  } catch {
    throw new ZoneConfigurationError(
      INVALID_URL(name, withoutCredentials(value)),
    );
  }
}

/** @internal */
export function withoutTrailingSlash(value: string): string {
  // Not a pattern: `/\/+$/` takes quadratic time, and tokens come through here.
  let end = value.length;
  while (value[end - 1] === '/') end -= 1;
  return value.slice(0, end);
}
