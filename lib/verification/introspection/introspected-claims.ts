import type { JWTPayload } from 'jose';
import { thumbprintOf } from '../dpop/token-binding.js';
import type { IntrospectionResponse } from './introspection-response.js';

/**
 * The claims of an active token, as a JWT of the issuer would have them, to be
 * checked by the same rules. `undefined` for everything that is not surely an
 * active access token of this issuer.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 */
export function claimsOf(
  response: IntrospectionResponse,
  issuer: string,
): JWTPayload | undefined {
  const { active, token_type: tokenType, ...members } = response;
  if (active !== true) return undefined;
  if (members.iss !== undefined && members.iss !== issuer) return undefined;
  if (!isAccessToken(tokenType, members)) return undefined;
  return Object.freeze({
    // RFC 7662 asks for no `iat`, and the token was issued before now.
    iat: Math.floor(Date.now() / 1000),
    ...members,
    iss: issuer,
  });
}

/**
 * Servers introspect refresh tokens as well, and may call a token bound that
 * they name no key for.
 */
function isAccessToken(tokenType: unknown, members: object): boolean {
  if (tokenType === undefined) return true;
  if (typeof tokenType !== 'string') return false;
  const type = tokenType.toLowerCase();
  if (type === 'dpop') return thumbprintOf({ ...members }) !== undefined;
  return type === 'bearer';
}
