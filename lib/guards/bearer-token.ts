/** The parts of a request a token is looked for in. */
export interface TokenBearingRequest {
  readonly url?: string;
  readonly headers: { readonly authorization?: string };
  /** Names and values as received: duplicates are only visible here. */
  readonly rawHeaders?: readonly string[];
}

/** A token, `none` when there are no credentials, or `malformed`. */
export type BearerCredentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' };

// b64token of RFC 6750 §2.1, after exactly one space.
const BEARER = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

const NONE: BearerCredentials = { kind: 'none' };
const MALFORMED: BearerCredentials = { kind: 'malformed' };

/**
 * Takes the access token out of the `Authorization` header: the only place it
 * may be in, and only once.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function readBearerToken(
  request: TokenBearingRequest,
): BearerCredentials {
  if (hasTokenInQuery(request.url)) return MALFORMED;
  const { authorization } = request.headers;
  if (authorization === undefined || authorization === '') return NONE;
  if (hasRepeatedAuthorization(request.rawHeaders)) return MALFORMED;
  const token = BEARER.exec(authorization)?.[1];
  return token === undefined ? MALFORMED : { kind: 'token', token };
}

function hasTokenInQuery(url: string | undefined): boolean {
  const query = url?.indexOf('?') ?? -1;
  if (query < 0) return false;
  return new URLSearchParams(url!.slice(query)).has('access_token');
}

function hasRepeatedAuthorization(
  rawHeaders: readonly string[] | undefined,
): boolean {
  if (!rawHeaders) return false;
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() === 'authorization') count += 1;
  }
  return count > 1;
}
