// ArkType: `must be an email address (was "...")`.
// Valibot: `Invalid email: Received "..."`, `Expected number but received "..."`.
const ECHOES = [/ \(was .*\)/s, /(?::| but) received .*/is];

/**
 * Removes the offending value from a message. Some libraries quote it, and an
 * argument may be a secret that must not reach a log or a transcript.
 */
export function withoutValue(
  message: string,
  input: object,
  segments: readonly PropertyKey[],
): string {
  const redacted = ECHOES.reduce(
    (text, echo) => text.replace(echo, ''),
    message,
  );
  const value = valueAt(input, segments);
  return typeof value === 'string' && value !== ''
    ? redacted.replaceAll(JSON.stringify(value), '"…"')
    : redacted;
}

function valueAt(input: object, segments: readonly PropertyKey[]): unknown {
  let value: unknown = input;
  for (const segment of segments) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, segment)
      ? Reflect.get(value, segment)
      : undefined;
  }
  return value;
}
