const CODE = /^[\w.:-]{1,64}$/;

/**
 * What kind of failure it was: the stable code of an error, or its name. Never
 * its message, which may say anything.
 */
export function errorTypeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'number') return String(code);
  if (typeof code === 'string' && CODE.test(code)) return code;
  return typeof name === 'string' && CODE.test(name) ? name : 'Error';
}
