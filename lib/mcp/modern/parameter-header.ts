/** An argument of a tool that the client repeats in an HTTP header. */
export interface ParameterHeader {
  /** As node has it, in lower case. */
  readonly header: string;
  /** Where the value is in the arguments. */
  readonly path: readonly string[];
  readonly isNumeric: boolean;
}

const PREFIX = '=?base64?';
const SUFFIX = '?=';
const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A header's value, which is Base64 where it would not be allowed in a header.
 *
 * @returns `undefined` when it claims to be Base64 of UTF-8 and is not
 */
export function decodeHeaderValue(value: string): string | undefined {
  if (!value.startsWith(PREFIX) || !value.endsWith(SUFFIX)) return value;
  const encoded = value.slice(PREFIX.length, -SUFFIX.length);
  if (!BASE64.test(encoded)) return undefined;
  try {
    return utf8.decode(Buffer.from(encoded, 'base64'));
  } catch {
    return undefined;
  }
}

/** Whether a decoded header says the same as an argument. */
export function isSameValue(
  { isNumeric }: ParameterHeader,
  decoded: string,
  value: unknown,
): boolean {
  if (isNumeric && typeof value === 'number' && DECIMAL.test(decoded)) {
    return Number(decoded) === value;
  }
  return decoded === String(value);
}

/** The argument a header repeats; `undefined` where there is none to compare. */
export function argumentOf(
  { path }: ParameterHeader,
  input: unknown,
): string | number | boolean | undefined {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    default:
      return undefined;
  }
}
