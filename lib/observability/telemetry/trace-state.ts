const MAX_LENGTH = 512;
const MAX_MEMBERS = 32;

const KEY =
  /^(?:[a-z][_0-9a-z\-*/]{0,255}|[a-z0-9][_0-9a-z\-*/]{0,240}@[a-z][_0-9a-z\-*/]{0,13})$/;
const VALUE =
  /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * Reads a `tracestate`. One that is not entirely right counts as absent, and
 * takes nothing else with it.
 *
 * @see https://www.w3.org/TR/trace-context/#tracestate-header
 */
export function parseTraceState(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined;
  const members = value
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  if (members.length === 0 || members.length > MAX_MEMBERS) return undefined;
  const keys = new Set<string>();
  for (const member of members) {
    const separator = member.indexOf('=');
    const key = member.slice(0, Math.max(separator, 0));
    if (!KEY.test(key) || !VALUE.test(member.slice(separator + 1))) {
      return undefined;
    }
    keys.add(key);
  }
  return keys.size === members.length ? members.join(',') : undefined;
}
