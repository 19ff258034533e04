import { InvalidTokenError } from './invalid-token.error.js';

/** The header members a verifier acts on. */
export interface TokenHeader {
  readonly alg: string;
  readonly kid: string;
}

const ACCESS_TOKEN_TYPE = /^(?:application\/)?at\+jwt$/i;

// Extensions of JWS that change what is signed, or where keys come from.
// `jku`, `x5u` and `jwk` are simply never read.
const REFUSED_MEMBERS = ['crit', 'b64', 'zip'];

/**
 * Checks the header of a token before anything is done with it. An ID token,
 * a DPoP proof or a client assertion must not pass for an access token.
 *
 * @throws InvalidTokenError
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.11
 */
export function readTokenHeader(
  header: Readonly<Record<string, unknown>>,
  policy: { readonly algorithms: readonly string[]; readonly strict: boolean },
): TokenHeader {
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || !policy.algorithms.includes(alg)) {
    throw new InvalidTokenError('algorithm');
  }
  if (REFUSED_MEMBERS.some((member) => member in header)) {
    throw new InvalidTokenError('critical');
  }
  if (!isAccessTokenType(typ, policy.strict)) {
    throw new InvalidTokenError('type');
  }
  if (typeof kid !== 'string' || kid === '') throw new InvalidTokenError('key');
  return { alg, kid };
}

/** Keycard's tokens may lack the type, so only strict mode demands it. */
function isAccessTokenType(typ: unknown, strict: boolean): boolean {
  if (typeof typ === 'string' && ACCESS_TOKEN_TYPE.test(typ)) return true;
  if (strict) return false;
  return typ === undefined || (typeof typ === 'string' && /^jwt$/i.test(typ));
}
