import { hash } from 'node:crypto';

/**
 * What the `ath` claim of a proof must be for an access token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export function accessTokenHash(accessToken: string): string {
  return hash('sha256', accessToken, 'base64url');
}
