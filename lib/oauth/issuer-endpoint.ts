import { InsecureUrlError } from './errors/insecure-url.error.js';
import { FOREIGN_ENDPOINT } from './oauth.messages.js';
import { parseSecureUrl } from './secure-url.js';

/**
 * Makes sure that an endpoint named by metadata is the issuer's own: a secret,
 * a token or a key travels to and from the issuer's origin, or not at all.
 *
 * @param allowedOrigins other origins the endpoint may have
 * @throws InsecureUrlError
 */
export function assertIssuerEndpoint(
  issuer: string,
  endpoint: string,
  allowedOrigins: readonly string[] = [],
): void {
  const { origin } = parseSecureUrl(endpoint);
  if (origin === new URL(issuer).origin) return;
  if (allowedOrigins.includes(origin)) return;
  throw new InsecureUrlError(endpoint, FOREIGN_ENDPOINT);
}
