/** Something the sender wants everybody on the way to know. */
export interface BaggageMember {
  readonly key: string;
  readonly value: string;
  /** Properties, as they were sent. */
  readonly metadata?: string;
}

const MAX_LENGTH = 8192;
const MAX_MEMBERS = 64;

const KEY = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const METADATA = /^[\t\x20-\x7e]*$/;

/**
 * Reads a `baggage`. Members that are not right are left out, and too much of
 * it is refused altogether.
 *
 * @see https://www.w3.org/TR/baggage/
 */
export function parseBaggage(value: unknown): readonly BaggageMember[] {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return [];
  const members = value.split(',');
  if (members.length > MAX_MEMBERS) return [];
  return members.map(parseMember).filter((member) => member !== undefined);
}

function parseMember(member: string): BaggageMember | undefined {
  const [pair = '', ...properties] = member.split(';');
  const separator = pair.indexOf('=');
  if (separator < 0) return undefined;
  const key = pair.slice(0, separator).trim();
  const value = decode(pair.slice(separator + 1).trim());
  const metadata = properties.join(';').trim();
  if (!KEY.test(key) || value === undefined || !METADATA.test(metadata)) {
    return undefined;
  }
  return { key, value, ...(metadata !== '' && { metadata }) };
}

function decode(value: string): string | undefined {
  if (!VALUE.test(value)) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
