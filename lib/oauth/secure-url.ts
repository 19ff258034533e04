import { InsecureUrlError } from './errors/insecure-url.error.js';
import { INSECURE_URL } from './oauth.messages.js';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a URL points at this machine. */
export function isLoopback(url: URL): boolean {
  return (
    LOOPBACK_HOSTS.has(url.hostname) || url.hostname.endsWith('.localhost')
  );
}

/**
 * Parses a URL that tokens or keys may travel to: https, or http on a loopback
 * address, without credentials in it.
 *
 * @throws InsecureUrlError
 */
export function parseSecureUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !isSecure(url)) throw new InsecureUrlError(value, INSECURE_URL);
  return url;
}

function isSecure(url: URL): boolean {
  if (url.username || url.password) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && isLoopback(url);
}
