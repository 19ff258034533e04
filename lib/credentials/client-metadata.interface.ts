import type { JSONWebKeySet } from 'jose';

/**
 * What a client says about itself, in the words of dynamic registration. Under
 * its own `client_id` as URL, it is a client ID metadata document.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591#section-2
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/
 * @publicApi
 */
export interface ClientMetadata {
  readonly client_id: string;
  readonly client_name: string;
  readonly token_endpoint_auth_method: string;
  readonly token_endpoint_auth_signing_alg?: string;
  readonly grant_types: readonly string[];
  readonly response_types: readonly string[];
  readonly redirect_uris: readonly string[];
  /** Address of the keys; without one, they are in `jwks`. */
  readonly jwks_uri?: string;
  readonly jwks?: JSONWebKeySet;
}
