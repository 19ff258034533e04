import { TokenBindingError } from './token-binding.error.js';

/** The schemes an access token is presented under, in lower case. */
export type TokenScheme = 'bearer' | 'dpop';

// SHA-256 in base64url without padding.
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** Equals no thumbprint. */
const UNPROVABLE = '';

/**
 * The key an access token is bound to (`cnf.jkt`); `undefined` when it is
 * bound to none. A binding that cannot be read, or is of another kind, is
 * still a binding, here to a key that nobody has: such a token is good under
 * no scheme.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-6.1
 */
export function thumbprintOf(
  claims: Readonly<Record<string, unknown>>,
): string | undefined {
  const { cnf } = claims;
  if (cnf === undefined) return undefined;
  const jkt: unknown =
    typeof cnf === 'object' && cnf !== null && 'jkt' in cnf
      ? cnf.jkt
      : undefined;
  return typeof jkt === 'string' && THUMBPRINT.test(jkt) ? jkt : UNPROVABLE;
}

/**
 * Whether a token may be presented under a scheme: a bound token never as a
 * bearer token, which would make the binding void, and an unbound one never
 * with a proof, which would prove nothing.
 *
 * @param jkt what {@link thumbprintOf} says about the verified token
 * @returns what is wrong, or `undefined`
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.2
 */
export function checkTokenBinding(
  scheme: TokenScheme,
  jkt: string | undefined,
): TokenBindingError | undefined {
  if (scheme === 'bearer') {
    return jkt === undefined
      ? undefined
      : new TokenBindingError('proof_required');
  }
  return jkt === undefined ? new TokenBindingError('not_bound') : undefined;
}
