import type { TokenScheme } from '../verification/dpop/token-binding.js';

/** The parts of a request credentials are looked for in. */
export interface CredentialedRequest {
  readonly method?: string;
  readonly url?: string;
  readonly headers: {
    readonly authorization?: string;
    readonly dpop?: string | string[];
  };
  /** Names and values as received: repeated headers are only visible here. */
  readonly rawHeaders?: readonly string[];
}

/** An access token, and how it was sent. */
export interface TokenCredentials {
  readonly kind: 'token';
  readonly scheme: TokenScheme;
  readonly token: string;
}

/** A token, `none` when there are no credentials, or `malformed`. */
export type RequestCredentials =
  TokenCredentials | { readonly kind: 'none' } | { readonly kind: 'malformed' };

// A scheme, exactly one space, and a b64token of RFC 6750 §2.1.
const AUTHORIZATION = /^(bearer|dpop) ([A-Za-z0-9\-._~+/]+=*)$/i;

const NONE: RequestCredentials = { kind: 'none' };
const MALFORMED: RequestCredentials = { kind: 'malformed' };

/**
 * Takes the access token out of the `Authorization` header: the only place it
 * may be in, and only once.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 */
export function readCredentials(
  request: CredentialedRequest,
): RequestCredentials {
  if (hasTokenInQuery(request.url)) return MALFORMED;
  if (headersNamed('authorization', request.rawHeaders).length > 1) {
    return MALFORMED;
  }
  const { authorization } = request.headers;
  if (authorization === undefined || authorization === '') return NONE;
  const match = AUTHORIZATION.exec(authorization);
  if (!match) return MALFORMED;
  return {
    kind: 'token',
    scheme: match[1]!.toLowerCase() as TokenScheme,
    token: match[2]!,
  };
}

/** All values of the `DPoP` header: there must be exactly one. */
export function readProofs(request: CredentialedRequest): readonly string[] {
  if (request.rawHeaders) return headersNamed('dpop', request.rawHeaders);
  return [request.headers.dpop ?? []].flat();
}

function hasTokenInQuery(url: string | undefined): boolean {
  const query = url?.indexOf('?') ?? -1;
  if (query < 0) return false;
  return new URLSearchParams(url!.slice(query)).has('access_token');
}

/** Whether a header as received has this name, in lower case. */
export function isNamed(name: string, header: string): boolean {
  return header.length === name.length && header.toLowerCase() === name;
}

function headersNamed(
  name: string,
  rawHeaders: readonly string[] = [],
): readonly string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (isNamed(name, rawHeaders[index]!)) values.push(rawHeaders[index + 1]!);
  }
  return values;
}
