import type { ServerMetadata } from '../oauth/server-metadata.js';
import type { ClientAuthentication } from '../oauth/token-request.js';

/** @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2 */
export const CLIENT_ASSERTION_TYPE =
  'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Makes or fetches the assertion for one request to one server. */
export type AssertionSource = (server: ServerMetadata) => Promise<string>;

/**
 * An assertion in the form, and no `Authorization` header.
 *
 * @param clientId goes into the form too, when given. The assertion names the
 * client, so most servers need none.
 * @see https://www.rfc-editor.org/rfc/rfc7521#section-4.2
 */
export function assertionAuthentication(
  assertionFor: AssertionSource,
  clientId?: string,
): ClientAuthentication {
  return async (server, _client, body) => {
    const assertion = await assertionFor(server);
    if (clientId !== undefined) body.set('client_id', clientId);
    body.set('client_assertion_type', CLIENT_ASSERTION_TYPE);
    body.set('client_assertion', assertion);
  };
}
