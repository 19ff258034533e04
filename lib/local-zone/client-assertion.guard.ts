import type { KoaContextWithOIDC } from 'oidc-provider';
import { RefusalMessages } from './local-zone.messages.js';
import { epochSeconds, strings } from './text.js';
import type { ZoneContext } from './zone-context.js';

const MAX_LIFETIME_SECONDS = 300;

/**
 * Refuses client assertions that a live zone refuses and oidc-provider does
 * not: for another audience than the token endpoint, or too long-lived.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export function assertClientAssertion(
  context: ZoneContext,
  request: KoaContextWithOIDC,
  claims: Record<string, unknown>,
): void {
  const { InvalidClientAuth } = context.errors;
  const accepted = [
    context.issuer + context.endpoints.token,
    request.oidc.urlFor(request.oidc.route),
  ];
  const audiences = strings(claims['aud']);
  if (audiences.some((audience) => !accepted.includes(audience))) {
    throw new InvalidClientAuth(RefusalMessages.assertionAudience());
  }
  const { exp, iat = epochSeconds() } = claims as { exp: number; iat?: number };
  if (exp - iat > MAX_LIFETIME_SECONDS) {
    throw new InvalidClientAuth(RefusalMessages.assertionLifetime());
  }
}
