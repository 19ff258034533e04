import * as oauth from 'oauth4webapi';
import { OAuthHttpError } from './errors/oauth-http.error.js';
import { OAuthResponseError } from './errors/oauth-response.error.js';
import type { HttpFetch } from './http-fetch.js';
import { ISSUER_MISMATCH } from './oauth.messages.js';
import { parseSecureUrl } from './secure-url.js';

/**
 * What an authorization server says about itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-2
 * @publicApi
 */
export type ServerMetadata = oauth.AuthorizationServer;

/**
 * Reads the metadata of an authorization server: RFC 8414 first, OpenID
 * Connect Discovery where that is not served. Sent without any credential.
 *
 * @throws OAuthNetworkError, OAuthHttpError, OAuthResponseError
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-3
 * @publicApi
 */
export async function discoverServer(
  issuer: string,
  fetch: HttpFetch,
): Promise<ServerMetadata> {
  const url = parseSecureUrl(issuer);
  let response = await request(url, 'oauth2', fetch);
  if (response.status === 404) response = await request(url, 'oidc', fetch);
  if (response.status !== 200) throw new OAuthHttpError(response.status);
  try {
    return await process(url, response);
  } catch (error) {
    throw new OAuthResponseError(
      isIssuerMismatch(error) ? ISSUER_MISMATCH : undefined,
    );
  }
}

function request(
  issuer: URL,
  algorithm: 'oauth2' | 'oidc',
  fetch: HttpFetch,
): Promise<Response> {
  return oauth.discoveryRequest(issuer, {
    algorithm,
    [oauth.customFetch]: fetch,
    [oauth.allowInsecureRequests]: true,
  });
}

/** An issuer with a path may end in a slash that the configuration leaves out. */
async function process(
  issuer: URL,
  response: Response,
): Promise<ServerMetadata> {
  try {
    return await oauth.processDiscoveryResponse(issuer, response.clone());
  } catch (error) {
    if (!isIssuerMismatch(error)) throw error;
    const slashed = new URL(`${issuer.href.replace(/\/$/, '')}/`);
    return oauth.processDiscoveryResponse(slashed, response);
  }
}

function isIssuerMismatch(error: unknown): boolean {
  return (
    error instanceof oauth.OperationProcessingError &&
    error.code === oauth.JSON_ATTRIBUTE_COMPARISON
  );
}
