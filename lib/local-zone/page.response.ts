import type { ServerResponse } from 'node:http';
import { pageHeaders } from './page-headers.js';

/** Answers with a page. See {@link pageHeaders} for the redirect URI. */
export function sendPage(
  response: ServerResponse,
  status: number,
  document: string,
  redirectUri?: string,
): void {
  response.writeHead(status, pageHeaders(redirectUri));
  response.end(document);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

export function redirect(
  response: ServerResponse,
  status: 303 | 307,
  location: string,
): void {
  response.writeHead(status, { location, 'cache-control': 'no-store' });
  response.end();
}
