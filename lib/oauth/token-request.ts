import * as oauth from 'oauth4webapi';
import { OAuthError } from './errors/oauth.error.js';
import { OAuthHttpError } from './errors/oauth-http.error.js';
import { OAuthProtocolError } from './errors/oauth-protocol.error.js';
import { OAuthResponseError } from './errors/oauth-response.error.js';
import type { HttpFetch } from './http-fetch.js';
import { assertIssuerEndpoint } from './issuer-endpoint.js';
import { NO_TOKEN_ENDPOINT, UNEXPECTED_TOKEN_TYPE } from './oauth.messages.js';
import type { ServerMetadata } from './server-metadata.js';

const ERROR_CODE = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

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
  const { issuer, token_endpoint: endpoint } = request.server;
  if (typeof endpoint !== 'string') {
    throw new OAuthResponseError(NO_TOKEN_ENDPOINT);
  }
  assertIssuerEndpoint(issuer, endpoint, request.allowedOrigins);
  const client: oauth.Client = { client_id: request.clientId };
  const response = await oauth.genericTokenEndpointRequest(
    request.server,
    client,
    request.authentication,
    request.grantType,
    request.parameters,
    {
      [oauth.customFetch]: request.fetch,
      [oauth.allowInsecureRequests]: true,
      signal: request.signal,
    },
  );
  const body = await readJson(response.clone());
  if (isErrorCode(body?.error)) throw protocolError(body, response);
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

/**
 * Whether a value is spelled like an error code. Anything else could carry line
 * breaks into a log.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
function isErrorCode(value: unknown): value is string {
  return typeof value === 'string' && ERROR_CODE.test(value);
}

function protocolError(
  body: Record<string, unknown>,
  response: Response,
): OAuthProtocolError {
  return new OAuthProtocolError({
    error: body.error as string,
    errorDescription: text(body.error_description),
    errorUri: text(body.error_uri),
    requestId: text(body.request_id) ?? text(body.requestId),
    status: response.status,
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function toTokenResponse(body: oauth.TokenEndpointResponse): TokenResponse {
  // A token bound to a key is of no use to whoever cannot prove to have it.
  if (body.token_type !== 'bearer') {
    throw new OAuthResponseError(UNEXPECTED_TOKEN_TYPE);
  }
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
