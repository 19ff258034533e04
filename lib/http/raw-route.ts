import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a request on node's own objects, whatever the adapter. */
export type RawHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

/** Path of a request, as sent: not decoded, without the query. */
export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** Answers with JSON. A body for HEAD is announced, not sent. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
