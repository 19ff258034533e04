import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, type RawHandler } from '../http/raw-route.js';
import { METHOD_NOT_ALLOWED } from './metadata.messages.js';

const CORS = { 'access-control-allow-origin': '*' };

const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'GET, OPTIONS',
  'access-control-allow-headers': 'Content-Type, MCP-Protocol-Version',
  'access-control-max-age': '86400',
};

const ALLOW = 'GET, HEAD, OPTIONS';

/** What a document route answers. */
export interface DocumentAnswer {
  readonly status: number;
  readonly body: object;
  /** Seconds a client may keep the document. */
  readonly maxAge: number;
}

/** A route that serves a JSON document to anyone, from any origin. */
export function publicDocument(
  read: (request: IncomingMessage) => DocumentAnswer | Promise<DocumentAnswer>,
): RawHandler {
  return async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, PREFLIGHT).end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendJson(
        response,
        405,
        { error: 'method_not_allowed', error_description: METHOD_NOT_ALLOWED },
        { ...CORS, allow: ALLOW },
      );
      return;
    }
    const { status, body, maxAge } = await read(request);
    sendJson(response, status, body, {
      ...CORS,
      'cache-control': maxAge > 0 ? `public, max-age=${maxAge}` : 'no-store',
    });
  };
}
