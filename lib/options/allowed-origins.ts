import { isLoopback } from '../oauth/secure-url.js';
import { ZONE_PLACEHOLDER } from '../verification/protected-resource.js';
import { isZoneId } from '../zone/zone-url.js';

/** Whether a `Host`, or the origin of a page, is accepted. */
export type Matcher = (value: string) => boolean;

/**
 * Hosts a resource is reached under: those listed, else that of its public
 * URL. On a loopback address any loopback host and port is accepted, and no
 * other: that is what keeps a rebound name out.
 */
export function createHostMatcher(
  identifier: string,
  allowed?: readonly string[],
): Matcher {
  const hosts = allowed?.map((host) => host.toLowerCase());
  const matches = createMatcher(hosts ?? [hostOf(identifier)]);
  const acceptsLoopback = !allowed && isOnLoopback(identifier);
  return (host) =>
    matches(host.toLowerCase()) ||
    (acceptsLoopback && isOnLoopback(`http://${host}`));
}

/** Origins whose pages may call: as {@link createHostMatcher}. `*` is any. */
export function createOriginMatcher(
  identifier: string,
  allowed?: readonly string[],
): Matcher {
  if (allowed?.includes('*')) return () => true;
  const own = `${new URL(sample(identifier)).protocol}//${hostOf(identifier)}`;
  const matches = createMatcher(allowed ?? [own]);
  const acceptsLoopback = !allowed && isOnLoopback(identifier);
  return (origin) =>
    matches(origin) || (acceptsLoopback && isOnLoopback(origin));
}

function createMatcher(patterns: readonly string[]): Matcher {
  const exact = new Set(patterns);
  const templates = patterns
    .filter((pattern) => pattern.includes(ZONE_PLACEHOLDER))
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

function sample(identifier: string): string {
  return identifier.replaceAll(ZONE_PLACEHOLDER, 'zone');
}

function isOnLoopback(value: string): boolean {
  const url = sample(value);
  return URL.canParse(url) && isLoopback(new URL(url));
}
