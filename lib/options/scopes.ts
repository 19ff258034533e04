import { KeycardConfigurationError } from './configuration.error.js';
import { INVALID_SCOPE } from './options.messages.js';

// scope-token of RFC 6749 §3.3
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * A list of scopes, from a list or a space-separated text.
 *
 * @throws KeycardConfigurationError
 */
export function toScopeList(
  scopes: string | readonly string[] | undefined,
): readonly string[] {
  const list =
    typeof scopes === 'string'
      ? scopes.split(/\s+/).filter(Boolean)
      : [...(scopes ?? [])];
  const wrong = list.find((scope) => !SCOPE.test(scope));
  if (wrong !== undefined) {
    throw new KeycardConfigurationError(INVALID_SCOPE(wrong));
  }
  return [...new Set(list)];
}
