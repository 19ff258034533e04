/** Longer text is cut: most of it comes from callers and other servers. */
const MAX_LENGTH = 512;

const REDACTED = '[redacted]';

/** The header of every JWT and JWE starts with `{"`, which encodes to `eyJ`. */
const TOKEN = /eyJ[\w-]{10,}(?:\.[\w-]*){0,4}/g;

/** What an `Authorization` header carries. */
const CREDENTIALS = /\b(bearer|dpop|basic)\s+[\w.~+/=-]{8,}/gi;

/**
 * A copy without anything that looks like a token. The last line of defence:
 * an error code of another server, for one, may say anything.
 */
export function withoutTokens<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) {
    return Object.freeze(
      value.map((item) => withoutTokens<unknown>(item)),
    ) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, withoutTokens<unknown>(member)] as const);
  return Object.freeze(Object.fromEntries(entries)) as T;
}

function redact(text: string): string {
  const short =
    text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return short.replace(TOKEN, REDACTED).replace(CREDENTIALS, `$1 ${REDACTED}`);
}
