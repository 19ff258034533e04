import { withoutTokens } from '../audit/redaction.js';

const CODE = /^[\w.:-]{1,64}$/;

/**
 * What kind of failure it was: the stable code of an error, or its name. Never
 * its message, which may say anything.
 */
export function errorTypeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (isCode(code)) return code;
  // The numbers of a DOMException are a relic; its name is its code.
  if (typeof code === 'number' && !(error instanceof DOMException)) {
    return String(code);
  }
  return isCode(name) ? name : 'Error';
}

function isCode(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    CODE.test(value) &&
    withoutTokens(value) === value
  );
}
