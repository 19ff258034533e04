// RFC 3986 has no blanks, no backslashes, no third slash before the host and
// nothing beyond ASCII in a URI, while a URL parser forgives all of them.
const URI = /^https?:\/\/(?!\/)[\x21-\x5b\x5d-\x7e]+$/i;

const ESCAPE = /%[0-9a-f]{2}/gi;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * Whether the `htu` of a proof is the URL a request was sent to. Query and
 * fragment are ignored on both sides; everything else counts.
 *
 * @param url the public URL of what was requested, from the configuration
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export function isTargetUri(htu: string, url: string): boolean {
  if (!URI.test(htu)) return false;
  const target = normalize(htu);
  return target !== undefined && target === normalize(url);
}

/**
 * Equal for URLs that RFC 3986 calls equivalent: case of scheme and host,
 * default port, dot segments (all by the parser) and needless escapes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
function normalize(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (url.username || url.password) return undefined;
  return url.origin + url.pathname.replace(ESCAPE, normalizeEscape);
}

function normalizeEscape(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return UNRESERVED.test(character) ? character : escape.toUpperCase();
}
