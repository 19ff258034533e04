import * as oauth from 'oauth4webapi';
import { OAuthError } from './errors/oauth.error.js';
import { OAuthHttpError } from './errors/oauth-http.error.js';
import { OAuthProtocolError } from './errors/oauth-protocol.error.js';
import { OAuthResponseError } from './errors/oauth-response.error.js';
import { InsecureUrlError } from './errors/insecure-url.error.js';
import type { HttpFetch } from './http-fetch.js';
import {
  FOREIGN_ENDPOINT,
  NO_TOKEN_ENDPOINT,
  UNEXPECTED_TOKEN_TYPE,
} from './oauth.messages.js';
import { parseSecureUrl } from './secure-url.js';
import type { ServerMetadata } from './server-metadata.js';

/**
 * Adds the client's authentication to a request for a token: a header, or
 * members of the form. Runs once per request.
 *
 * @publicApi
 */
export type ClientAuthentication = oauth.ClientAuth;

/** A request to a token endpoint. */
export interface TokenRequest {
  readonly server: ServerMetadata;
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
  readonly grantType: string;
  readonly parameters: URLSearchParams;
  readonly fetch: HttpFetch;
  readonly signal?: AbortSignal;
  /** Origins, besides the issuer's, that the token endpoint may have. */
  readonly allowedOrigins?: readonly string[];
}

/**
 * A token an authorization server issued.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 * @publicApi
 */
export interface TokenResponse {
  readonly accessToken: string;
  /** In lower case, as the registry spells it: `bearer`. */
  readonly tokenType: string;
  /** Life of the token in seconds, from when it was issued. */
  readonly expiresIn?: number;
  /** Scopes of the token, where they differ from those asked for. */
  readonly scopes?: readonly string[];
  readonly issuedTokenType?: string;
  readonly refreshToken?: string;
}

/**
 * Sends one request to a token endpoint. Never repeated: a token request is
 * not idempotent.
 *
 * @throws OAuthProtocolError, OAuthHttpError, OAuthNetworkError, OAuthResponseError, InsecureUrlError
 * @publicApi
 */
export async function requestToken(
  request: TokenRequest,
): Promise<TokenResponse> {
  assertTokenEndpoint(request.server, request.allowedOrigins);
  const client: oauth.Client = { client_id: request.clientId };
  const response = await oauth.genericTokenEndpointRequest(
    request.server,
    client,
    request.authentication,
    request.grantType,
    request.parameters,
    {
      [oauth.customFetch]: request.fetch as typeof globalThis.fetch,
      [oauth.allowInsecureRequests]: true,
      signal: request.signal,
    },
  );
  const body = await readJson(response.clone());
  if (typeof body?.error === 'string') throw protocolError(body, response);
  if (response.status !== 200) throw new OAuthHttpError(response.status);
  try {
    return toTokenResponse(
      await oauth.processGenericTokenEndpointResponse(
        request.server,
        client,
        response,
      ),
    );
  } catch (error) {
    if (error instanceof OAuthError) throw error;
    throw new OAuthResponseError(
      error instanceof oauth.UnsupportedOperationError
        ? UNEXPECTED_TOKEN_TYPE
        : undefined,
    );
  }
}

/** A secret or a token goes to the issuer's own origin, or not at all. */
function assertTokenEndpoint(
  server: ServerMetadata,
  allowedOrigins: readonly string[] = [],
): void {
  if (!server.token_endpoint) throw new OAuthResponseError(NO_TOKEN_ENDPOINT);
  const { origin } = parseSecureUrl(server.token_endpoint);
  if (origin === new URL(server.issuer).origin) return;
  if (allowedOrigins.includes(origin)) return;
  throw new InsecureUrlError(server.token_endpoint, FOREIGN_ENDPOINT);
}

async function readJson(
  response: Response,
): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null
      ? (body as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function protocolError(
  body: Record<string, unknown>,
  response: Response,
): OAuthProtocolError {
  const text = (value: unknown) =>
    typeof value === 'string' && value !== '' ? value : undefined;
  return new OAuthProtocolError({
    error: body.error as string,
    errorDescription: text(body.error_description),
    errorUri: text(body.error_uri),
    requestId: text(body.request_id) ?? text(body.requestId),
    status: response.status,
  });
}

function toTokenResponse(body: oauth.TokenEndpointResponse): TokenResponse {
  const scopes = body.scope?.split(/\s+/).filter(Boolean);
  return {
    accessToken: body.access_token,
    tokenType: body.token_type,
    ...(body.expires_in !== undefined && { expiresIn: body.expires_in }),
    ...(scopes?.length && { scopes }),
    ...(typeof body.issued_token_type === 'string' && {
      issuedTokenType: body.issued_token_type,
    }),
    ...(body.refresh_token && { refreshToken: body.refresh_token }),
  };
}
