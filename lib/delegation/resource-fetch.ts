import { parseSecureUrl } from '../oauth/secure-url.js';
import { FOREIGN_URL } from './delegation.messages.js';
import type { GrantedToken } from './granted-token.js';

/**
 * A URL below a resource. A token goes to the API it is for, over a secure
 * connection, and nowhere else.
 *
 * @param path relative to the resource, or a whole URL
 * @throws TypeError, InsecureUrlError
 */
export function resourceUrl(resource: string, path: string): URL {
  const base = parseBase(resource);
  const above = withoutTrailingSlashes(base.pathname);
  const url = URL.canParse(path)
    ? new URL(path)
    : parse(`${base.origin}${above}${belowOf(path, base.pathname)}`);
  const isBelow =
    url?.origin === base.origin &&
    url.username === '' &&
    url.password === '' &&
    isPathBelow(url.pathname, above) &&
    !climbs(url.pathname);
  if (!isBelow) throw new TypeError(FOREIGN_URL(resource));
  return url;
}

/** Sends a request with the token, and follows no redirect with it. */
export function sendWithToken(
  url: URL,
  token: GrantedToken,
  init: RequestInit,
): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', token.authorization);
  return fetch(url, { ...init, headers, redirect: 'manual' });
}

/** Whether the request can be sent a second time: a stream is gone by then. */
export function isRepeatable({ body }: RequestInit): boolean {
  if (body === undefined || body === null || typeof body === 'string') {
    return true;
  }
  return (
    body instanceof URLSearchParams ||
    body instanceof FormData ||
    body instanceof Blob ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body)
  );
}

function parseBase(resource: string): URL {
  const url = parse(resource);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!isWeb) throw new TypeError(FOREIGN_URL(resource));
  return parseSecureUrl(resource);
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** What comes after the resource, slash included. */
function belowOf(path: string, basePath: string): string {
  const isNothing = path === '' || path.startsWith('?');
  if (isNothing) return basePath.endsWith('/') ? `/${path}` : path;
  return path.startsWith('/') ? path : `/${path}`;
}

function isPathBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

/** Servers that decode a path once more see its dots and slashes then. */
function climbs(path: string): boolean {
  let decoded = path.toLowerCase();
  for (let before = ''; before !== decoded;) {
    before = decoded;
    decoded = decoded
      .replaceAll('%25', '%')
      .replaceAll('%2e', '.')
      .replaceAll('%2f', '/')
      .replaceAll('%5c', '\\');
  }
  return /(?:^|[/\\])\.\.(?:;[^/\\]*)?(?:$|[/\\])/.test(decoded);
}

function withoutTrailingSlashes(path: string): string {
  return path.replace(/\/+$/, '');
}
