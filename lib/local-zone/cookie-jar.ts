interface Cookie {
  readonly host: string;
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

/**
 * Cookies of one browser. As in a real one they belong to a host and a path,
 * not to a port.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.1.4
 */
export class CookieJar {
  private readonly cookies = new Map<string, Cookie>();

  /** Stores the cookies a response sets, and drops those it expires. */
  store(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const [name, value] = splitPair(pair);
      const parsed = new Map(attributes.map((text) => attribute(text)));
      const path = parsed.get('path') ?? '/';
      const host = url.hostname;
      const key = JSON.stringify([host, path, name]);
      if (isExpired(parsed.get('expires'))) {
        this.cookies.delete(key);
        continue;
      }
      this.cookies.set(key, { host, path, name, value });
    }
  }

  /** The Cookie header for a URL; `undefined` when there is none to send. */
  header(url: URL): string | undefined {
    const matching = [...this.cookies.values()].filter(
      (cookie) =>
        cookie.host === url.hostname && pathMatches(url.pathname, cookie.path),
    );
    if (matching.length === 0) {
      return undefined;
    }
    return matching.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

function splitPair(text: string): [name: string, value: string] {
  const index = text.indexOf('=');
  if (index === -1) {
    return [text.trim(), ''];
  }
  return [text.slice(0, index).trim(), text.slice(index + 1).trim()];
}

function attribute(text: string): [name: string, value: string] {
  const [name, value] = splitPair(text);
  return [name.toLowerCase(), value];
}

function isExpired(expires: string | undefined): boolean {
  return expires !== undefined && Date.parse(expires) < Date.now();
}

function pathMatches(path: string, cookiePath: string): boolean {
  if (path === cookiePath) {
    return true;
  }
  const prefix = cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`;
  return path.startsWith(prefix);
}
