import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyCors } from '../../lib/http/cors.js';
import { rawRequest } from '../support/raw-request.js';
import { serve } from './serve.js';

const PAGE = 'https://page.example';

describe('pages of other origins', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    ({ server, url } = await serve((request, response) => {
      response.setHeader('vary', 'Accept');
      const isAnswered = applyCors(request, response, {
        methods: 'POST',
        isOriginAllowed: (origin) => origin === PAGE,
      });
      if (!isAnswered) response.end('passed');
    }));
  });
  afterAll(() => server.close());

  const send = (method: string, headers: Record<string, string>) =>
    rawRequest(url, { method, headers });

  it('may call when they are allowed', async () => {
    const { headers, text } = await send('POST', { origin: PAGE });
    expect(text).toBe('passed');
    expect(headers['access-control-allow-origin']).toBe(PAGE);
    expect(headers['access-control-expose-headers']).toBe(
      'WWW-Authenticate, Mcp-Session-Id, DPoP-Nonce, Retry-After',
    );
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('get a preflight with every header of the protocol', async () => {
    const { status, headers, text } = await send('OPTIONS', {
      origin: PAGE,
      'access-control-request-method': 'POST',
      'access-control-request-headers':
        'authorization, Mcp-Param-City,x-evil, mcp-param-a\u00e4',
    });
    expect([status, text]).toEqual([204, '']);
    expect(headers['access-control-allow-methods']).toBe('POST');
    expect(headers['access-control-allow-headers']).toBe(
      'Authorization, DPoP, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID, Mcp-Param-City',
    );
  });

  it('are told why when they are not allowed', async () => {
    const { status, headers, text } = await send('OPTIONS', {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
    });
    expect(status).toBe(403);
    expect(JSON.parse(text)).toEqual({
      error: 'origin_not_allowed',
      error_description: 'Pages of this origin may not call this server.',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('are kept apart by caches, besides what varied before', async () => {
    for (const origin of [PAGE, 'https://evil.example']) {
      const { headers } = await send('POST', { origin });
      expect(headers.vary).toBe('Accept, Origin');
    }
    for (const method of ['GET', 'DELETE', 'OPTIONS']) {
      const { headers } = await send(method, {});
      expect(headers.vary).toBe('Accept, Origin');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('get no kept answer to a POST, so that one from elsewhere needs no mark', async () => {
    const { headers } = await send('POST', {});
    expect(headers.vary).toBe('Accept');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('send OPTIONS that are no preflight on to the endpoint', async () => {
    const { text } = await send('OPTIONS', { origin: PAGE });
    expect(text).toBe('passed');
  });
});
