import type { JWTPayload } from 'jose';
import type { ZoneContext } from './zone-context.js';

/**
 * oidc-provider neither introspects nor revokes JWTs. The record made when the
 * token was issued is found by its id, so the id takes the token's place.
 *
 * @returns the claims of the JWT, or `undefined` when it is not one of ours
 */
export async function referToTokenRecord(
  context: ZoneContext,
  form: URLSearchParams,
): Promise<JWTPayload | undefined> {
  const token = form.get('token') ?? '';
  if (!token.includes('.')) {
    return undefined;
  }
  const claims = await verifyIgnoringExpiry(context, token);
  form.set('token', claims?.jti ?? 'unknown');
  form.delete('token_type_hint');
  return claims;
}

async function verifyIgnoringExpiry(
  context: ZoneContext,
  token: string,
): Promise<JWTPayload | undefined> {
  try {
    return await context.keys.verify(token, {
      issuer: context.issuer,
      currentDate: new Date(0),
    });
  } catch {
    return undefined;
  }
}
