import {
  createServer as createHttp2Server,
  connect,
  type Http2Server,
} from 'node:http2';
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hideToken } from '../../lib/guards/hide-token.js';
import { serve } from '../http/serve.js';
import { rawRequest } from '../support/raw-request.js';

const TOKEN = 'Bearer secret-token';
const SENT = { authorization: TOKEN, 'x-tag': 'a', accept: 'text/plain' };

/** All that shows when the headers of a request are listed. */
function report(request: IncomingMessage) {
  const { headers, rawHeaders, headersDistinct } = request;
  return {
    listings: JSON.stringify([
      headers,
      { ...headers },
      Object.keys(headers),
      Object.entries(headers),
      rawHeaders,
      headersDistinct,
      inspect(headers),
      inspect(request, { depth: 1 }),
    ]),
    byName: headers.authorization,
    isThere: 'authorization' in headers,
    tag: headers['x-tag'],
    own: Object.hasOwn(headers, 'x-tag'),
    raw: rawHeaders,
  };
}

type Report = ReturnType<typeof report>;

function expectHidden({ listings, raw: _raw, ...rest }: Report) {
  expect(listings).not.toContain('secret-token');
  expect(listings).toContain('x-tag');
  expect(rest).toEqual({ byName: TOKEN, isThere: true, tag: 'a', own: true });
}

describe('the token of a request', () => {
  let server: Server;
  let url: string;
  let http2: Http2Server;

  beforeAll(async () => {
    ({ server, url } = await serve((request, response) => {
      expect(request.headersDistinct['authorization']).toEqual([TOKEN]);
      hideToken(request);
      // Guards of a route and of its controller may both have been there.
      hideToken(request);
      response.end(JSON.stringify(report(request)));
    }));
    http2 = createHttp2Server((request, response) => {
      hideToken(request);
      const { headers } = request;
      response.end(
        JSON.stringify({
          listings: JSON.stringify([headers, { ...headers }]),
          byName: headers.authorization,
          isThere: 'authorization' in headers,
          tag: headers['x-tag'],
          own: Object.hasOwn(headers, 'x-tag'),
        }),
      );
    });
    await once(http2.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => {
    server.close();
    http2.close();
  });

  it('is not listed, and found by its name', async () => {
    const { text } = await rawRequest(url, { headers: SENT });
    expectHidden(JSON.parse(text));
  });

  it('is not sent on with the headers as they came', async () => {
    const { text } = await rawRequest(url, { headers: SENT });
    const { raw } = JSON.parse(text);
    expect(raw).toEqual(expect.arrayContaining(['x-tag', 'a']));
    expect(raw[raw.indexOf('authorization') + 1]).toBe('');
  });

  it('is not listed over HTTP/2', async () => {
    const { port } = http2.address() as AddressInfo;
    const session = connect(`http://127.0.0.1:${port}`);
    const stream = session.request({ ':path': '/', ...SENT });
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    session.close();
    expectHidden(JSON.parse(text));
  });

  it('may be replaced, as by what stands behind the guard', () => {
    const request = { headers: { ...SENT } };
    hideToken(request);
    request.headers.authorization = 'Basic other';
    expect(request.headers.authorization).toBe('Basic other');
    expect(Object.keys(request.headers)).toEqual(['x-tag', 'accept']);
  });

  it('is hidden from who took the headers before', () => {
    const headers = { ...SENT };
    hideToken({ headers });
    expect(headers.authorization).toBe(TOKEN);
    expect({ ...headers }).toEqual({ 'x-tag': 'a', accept: SENT.accept });
  });

  it('is hidden where the headers cannot be replaced', () => {
    const request = Object.freeze({ headers: { ...SENT } });
    hideToken(request);
    expect(request.headers.authorization).toBe(TOKEN);
    expect({ ...request.headers }).toEqual({
      'x-tag': 'a',
      accept: SENT.accept,
    });
  });

  it('need not be there', () => {
    const request = { headers: { 'x-tag': 'a' } as Record<string, string> };
    hideToken(request);
    expect(request.headers['authorization']).toBeUndefined();
    expect({ ...request.headers }).toEqual({ 'x-tag': 'a' });
  });
});
