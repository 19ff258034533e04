const LOOPBACK_HOSTNAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a URL points to this machine. */
export function isLoopbackUrl(value: string | URL): boolean {
  const url = URL.parse(String(value));
  if (!url) {
    return false;
  }
  return LOOPBACK_HOSTNAMES.has(url.hostname);
}

/** Whether a URL is `http:` or `https:` on this machine. */
export function isLoopbackWebUrl(value: string): boolean {
  return /^https?:/i.test(value) && isLoopbackUrl(value);
}

/** Whether a Host header names this machine, with or without a port. */
export function isLoopbackHost(host: string | undefined): boolean {
  if (!host) {
    return false;
  }
  return LOOPBACK_HOSTNAMES.has(host.replace(/:\d+$/, '').toLowerCase());
}
