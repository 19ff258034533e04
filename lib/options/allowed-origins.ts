import { isLoopback } from '../oauth/secure-url.js';
import { ZONE_PLACEHOLDER } from '../verification/protected-resource.js';
import { isZoneId } from '../zone/zone-url.js';
import { KeycardConfigurationError } from './configuration.error.js';
import {
  INVALID_ALLOWED_HOST,
  INVALID_ALLOWED_ORIGIN,
} from './options.messages.js';

/** Whether a `Host`, or the origin of a page, is accepted. */
export type Matcher = (value: string) => boolean;

// A name or an address, and a port: nothing a URL parser could read otherwise.
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const WEB_ORIGIN = /^https?:\/\//i;

/**
 * Hosts a resource is reached under: those listed, else that of its public
 * URL. On a loopback address any loopback host and port is accepted, and no
 * other: that is what keeps a rebound name out.
 *
 * @throws KeycardConfigurationError
 */
export function createHostMatcher(
  identifier: string,
  allowed?: readonly string[],
): Matcher {
  const hosts = allowed?.map((host) => checkHost(host).toLowerCase());
  const matches = createMatcher(hosts ?? [hostOf(identifier)]);
  const acceptsLoopback = !allowed && isLoopbackHost(ownHost(identifier));
  return (host) =>
    matches(host.toLowerCase()) || (acceptsLoopback && isLoopbackHost(host));
}

/**
 * Origins whose pages may call: as {@link createHostMatcher}. `*` is any.
 *
 * @throws KeycardConfigurationError
 */
export function createOriginMatcher(
  identifier: string,
  allowed?: readonly string[],
): Matcher {
  if (allowed?.includes('*')) return () => true;
  const own = `${new URL(sample(identifier)).protocol}//${hostOf(identifier)}`;
  const matches = createMatcher(allowed?.map(checkOrigin) ?? [own]);
  const acceptsLoopback = !allowed && isLoopbackHost(ownHost(identifier));
  return (origin) =>
    matches(origin) ||
    (acceptsLoopback &&
      WEB_ORIGIN.test(origin) &&
      isLoopbackHost(origin.replace(WEB_ORIGIN, '')));
}

function checkHost(host: string): string {
  if (HOST.test(sample(host))) return host;
  throw new KeycardConfigurationError(INVALID_ALLOWED_HOST(host));
}

/** Browsers write an origin in one way; another would never match. */
function checkOrigin(origin: string): string {
  const value = sample(origin);
  const isWritable =
    !WEB_ORIGIN.test(value) ||
    (URL.canParse(value) && new URL(value).origin === value);
  if (isWritable) return origin;
  throw new KeycardConfigurationError(INVALID_ALLOWED_ORIGIN(origin));
}

function createMatcher(patterns: readonly string[]): Matcher {
  const exact = new Set(patterns.filter((pattern) => !isTemplate(pattern)));
  const templates = patterns
    .filter(isTemplate)
    .map((pattern) => pattern.split(ZONE_PLACEHOLDER) as [string, string]);
  return (value) =>
    exact.has(value) ||
    templates.some(
      ([before, after]) =>
        value.startsWith(before) &&
        value.endsWith(after) &&
        isZoneId(value.slice(before.length, value.length - after.length)),
    );
}

/** Host and port, with the placeholder where there is one. */
function hostOf(identifier: string): string {
  return identifier.split('/')[2]!;
}

function ownHost(identifier: string): string {
  return sample(hostOf(identifier));
}

function isTemplate(pattern: string): boolean {
  return pattern.includes(ZONE_PLACEHOLDER);
}

function sample(identifier: string): string {
  return identifier.replaceAll(ZONE_PLACEHOLDER, 'zone');
}

function isLoopbackHost(host: string): boolean {
  const url = `http://${host}`;
  return HOST.test(host) && URL.canParse(url) && isLoopback(new URL(url));
}
