import * as oauth from 'oauth4webapi';
import type { ClientIdentity } from '../../credentials/application-credential.interface.js';
import type { HttpFetch } from '../../oauth/http-fetch.js';
import type { ServerMetadata } from '../../oauth/server-metadata.js';

/** One question to an introspection endpoint. */
export interface IntrospectionRequest {
  readonly server: ServerMetadata;
  readonly endpoint: string;
  readonly identity: ClientIdentity;
  readonly token: string;
  readonly fetch: HttpFetch;
}

/**
 * Asks for the state of a token, as an authenticated client.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.1
 */
export function requestIntrospection(
  request: IntrospectionRequest,
): Promise<Response> {
  const { server, endpoint, identity, token } = request;
  return oauth.introspectionRequest(
    { ...server, introspection_endpoint: endpoint },
    { client_id: identity.clientId },
    identity.authentication,
    token,
    {
      additionalParameters: { token_type_hint: 'access_token' },
      [oauth.customFetch]: request.fetch,
      [oauth.allowInsecureRequests]: true,
    },
  );
}
