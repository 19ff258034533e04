import { InvalidScopeError } from './errors/invalid-scope.error.js';

// scope-token of RFC 6749 §3.3
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Whether a text is one scope. */
export function isScope(text: string): boolean {
  return SCOPE.test(text);
}

/**
 * A list of scopes, from a list or a space-separated text.
 *
 * @throws InvalidScopeError
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export function toScopeList(
  scopes: string | readonly string[] | undefined,
): readonly string[] {
  const list =
    typeof scopes === 'string'
      ? scopes.split(/\s+/).filter(Boolean)
      : [...(scopes ?? [])];
  const wrong = list.find((scope) => !isScope(scope));
  if (wrong !== undefined) throw new InvalidScopeError(wrong);
  return [...new Set(list)];
}
