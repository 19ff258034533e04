import type { IncomingMessage, ServerResponse } from 'node:http';
import { ORIGIN_NOT_ALLOWED } from './http.messages.js';
import { sendJson } from './raw-route.js';

const ALLOWED_HEADERS = [
  'Authorization',
  'DPoP',
  'Content-Type',
  'Accept',
  'MCP-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
  'Mcp-Session-Id',
  'Last-Event-ID',
];

const EXPOSED_HEADERS =
  'WWW-Authenticate, Mcp-Session-Id, DPoP-Nonce, Retry-After';

// CORS has no wildcard for a prefix, so headers of this name are allowed one by
// one, as the page asks for them.
const PARAMETER_HEADER = /^mcp-param-[a-z0-9-]{1,128}$/i;

/** Seconds a browser may remember the answer to a preflight. */
const MAX_AGE = '7200';

/** What an endpoint lets pages of other origins do. */
export interface CorsPolicy {
  readonly methods: string;
  isOriginAllowed(origin: string): boolean;
}

/**
 * Lets the pages of allowed origins read the answer, and answers their
 * preflights: before any guard, for a preflight carries no token.
 *
 * @returns whether the request was a preflight, and is answered
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function applyCors(
  request: IncomingMessage,
  response: ServerResponse,
  policy: CorsPolicy,
): boolean {
  const { origin } = request.headers;
  const isPreflight =
    request.method === 'OPTIONS' &&
    request.headers['access-control-request-method'] !== undefined;
  // Also without an Origin: a cache must not hand that answer to a page. It
  // never does so with the answer to a POST.
  if (origin !== undefined || request.method !== 'POST') {
    response.appendHeader('vary', 'Origin');
  }
  if (origin === undefined) return false;
  if (!policy.isOriginAllowed(origin)) {
    if (isPreflight) {
      sendJson(response, 403, {
        error: 'origin_not_allowed',
        error_description: ORIGIN_NOT_ALLOWED,
      });
    }
    return isPreflight;
  }
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
  if (!isPreflight) return false;
  response
    .writeHead(204, {
      'access-control-allow-methods': policy.methods,
      'access-control-allow-headers': allowedHeaders(request).join(', '),
      'access-control-max-age': MAX_AGE,
    })
    .end();
  return true;
}

function allowedHeaders(request: IncomingMessage): string[] {
  const asked = request.headers['access-control-request-headers'] ?? '';
  const parameters = asked
    .split(',')
    .map((name) => name.trim())
    .filter((name) => PARAMETER_HEADER.test(name));
  return [...ALLOWED_HEADERS, ...parameters];
}
