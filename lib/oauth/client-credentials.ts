import {
  requestToken,
  type TokenRequest,
  type TokenResponse,
} from './token-request.js';

/** What to get a token for. */
export interface ClientCredentialsParameters {
  readonly resource?: string;
  readonly audience?: string;
  readonly scopes?: readonly string[];
}

/**
 * Gets a token for the application itself.
 *
 * @throws OAuthProtocolError, OAuthHttpError, OAuthNetworkError, OAuthResponseError, InsecureUrlError
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 * @publicApi
 */
export function requestClientCredentials(
  { resource, audience, scopes }: ClientCredentialsParameters,
  request: Omit<TokenRequest, 'grantType' | 'parameters'>,
): Promise<TokenResponse> {
  const parameters = new URLSearchParams();
  if (resource) parameters.set('resource', resource);
  if (audience) parameters.set('audience', audience);
  if (scopes?.length) parameters.set('scope', scopes.join(' '));
  return requestToken({
    ...request,
    grantType: 'client_credentials',
    parameters,
  });
}
