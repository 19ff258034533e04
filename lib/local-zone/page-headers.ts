import { createHash } from 'node:crypto';
import { PAGE_STYLE } from './page.style.js';

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');

const LOOPBACK_TARGETS = ['http://localhost:*', 'http://127.0.0.1:*'];

/**
 * Headers of an HTML page: no scripts, no frames, no caching.
 *
 * @param redirectUri where the form ends up. Chrome applies `form-action` to
 * all redirects after a submission, so the client's callback is listed, and
 * this machine, where a callback may go on to.
 */
export function pageHeaders(redirectUri?: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    // Only the icon. Without it, browsers report the one they look for themselves.
    'img-src data:',
    ['form-action', "'self'", ...formTargets(redirectUri)].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // Not no-referrer: with it a browser sends `Origin: null` with the form.
    'referrer-policy': 'same-origin',
  };
}

/** A CSP source for the callback: its origin, or only its scheme. */
function formTargets(redirectUri: string | undefined): string[] {
  const url = redirectUri === undefined ? null : URL.parse(redirectUri);
  if (!url) {
    return [];
  }
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  const isIpv6 = url.hostname.startsWith('[');
  if (!isWeb) return [url.protocol];
  return [isIpv6 ? url.protocol : url.origin, ...LOOPBACK_TARGETS];
}
