import { gzipSync } from 'node:zlib';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  createHttpFetch,
  InsecureUrlError,
  OAuthHttpError,
  OAuthNetworkError,
  OAuthResponseError,
  type HttpOptions,
} from '../../lib/oauth/index.js';
import { useZoneServer } from '../support/use-zone-server.js';
import { ZoneServer } from '../support/zone-server.js';

const zone = await useZoneServer();
const other = await useZoneServer();

const get = (path: string, options?: HttpOptions, init?: RequestInit) =>
  createHttpFetch(options)(zone.issuer + path, init);

describe('createHttpFetch', () => {
  it('hands out status, body and content type, and no other header', async () => {
    zone.on('/x', {
      status: 201,
      body: 'héllo',
      type: 'text/plain',
      headers: { 'set-cookie': 'a=b', 'x-secret': '1' },
    });
    const response = await get('/x');
    expect(response.status).toBe(201);
    expect(await response.text()).toBe('héllo');
    expect([...response.headers]).toEqual([['content-type', 'text/plain']]);
  });

  it.each([204, 404, 500])(
    'passes status %s without a body on',
    async (status) => {
      zone.on('/x', { status });
      const response = await get('/x');
      expect(response.status).toBe(status);
      expect(await response.text()).toBe('');
    },
  );

  it.each([
    ['by default', undefined, 'nestjs-keycard'],
    ['as configured', { userAgent: 'app/1' }, 'app/1'],
  ])(
    'names itself %s, whatever the caller says',
    async (_case, options, name) => {
      await get('/x', options, { headers: { 'User-Agent': 'other' } });
      expect(zone.requests[0]?.headers['user-agent']).toBe(name);
    },
  );

  it.each([
    'http://as.example.com/token',
    'https://user:pw@as.example.com/token',
    'ftp://as.example.com/token',
    '/token',
    '',
  ])('sends nothing to %j', async (url) => {
    let calls = 0;
    const fetch = createHttpFetch({
      fetch: async () => {
        calls += 1;
        return new Response('{}');
      },
    });
    await expect(fetch(url)).rejects.toThrow(InsecureUrlError);
    expect(calls).toBe(0);
  });

  it('sends nothing to a URL with credentials', async () => {
    const url = zone.issuer.replace('//', '//user:pw@');
    await expect(createHttpFetch()(url)).rejects.toThrow(InsecureUrlError);
    expect(zone.requests).toEqual([]);
  });

  describe('redirects', () => {
    it.each([301, 302, 303, 307, 308])('%s is refused', async (status) => {
      zone.on('/x', { status, headers: { location: `${other.issuer}/y` } });
      const error = await get(
        '/x',
        {},
        {
          method: 'POST',
          body: 'subject_token=secret',
          redirect: 'follow',
        },
      ).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(OAuthHttpError);
      expect(error).toMatchObject({
        code: 'ERR_OAUTH_HTTP',
        status,
        retryable: false,
      });
      expect(other.requests).toEqual([]);
    });

    it('is refused within the origin, too', async () => {
      zone.on('/x', { status: 302, headers: { location: '/y' } });
      await expect(get('/x')).rejects.toThrow(OAuthHttpError);
      expect(zone.count('/y')).toBe(0);
    });

    it('the answer of a fetch that follows them is not believed', async () => {
      zone.on('/x', { status: 302, headers: { location: '/y' } });
      zone.on('/y', { body: {} });
      const followed = get('/x', {
        fetch: (url, init) => fetch(url, { ...init, redirect: 'follow' }),
      });
      await expect(followed).rejects.toThrow(OAuthHttpError);
      expect(zone.count('/y')).toBe(1);
    });
  });

  describe('size', () => {
    it.each([
      [100, true],
      [101, false],
    ])('%s bytes of 100', async (size, accepted) => {
      zone.on('/x', { body: 'x'.repeat(size) });
      const response = get('/x', { maxResponseSize: 100 });
      if (accepted) expect(await (await response).text()).toHaveLength(size);
      else await expect(response).rejects.toThrow(OAuthResponseError);
    });

    it('is counted after decompression', async () => {
      const bomb = gzipSync(Buffer.alloc(1_000_000));
      expect(bomb.length).toBeLessThan(2_000);
      const server = createServer((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const fetch = createHttpFetch({ maxResponseSize: 10_000 });
      await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow(
        OAuthResponseError,
      );
      server.closeAllConnections();
      server.close();
    });

    it('stops reading, and does not wait for the end', async () => {
      zone.on('/x', { endless: true });
      await expect(get('/x', { maxResponseSize: 0 })).rejects.toThrow(
        OAuthResponseError,
      );
    });

    it('is a megabyte by default', async () => {
      zone.on('/x', { body: 'x'.repeat(1_048_577) });
      await expect(get('/x')).rejects.toThrow(OAuthResponseError);
    });
  });

  describe('failures', () => {
    it.each([
      ['no answer', { after: new Promise(() => {}) }],
      ['an answer that never ends', { endless: true }],
    ])('%s: a timeout', async (_case, reply) => {
      zone.on('/x', reply);
      await expect(get('/x', { timeout: 50 })).rejects.toMatchObject({
        name: 'OAuthNetworkError',
        code: 'ERR_OAUTH_NETWORK',
        message: expect.stringContaining('in time'),
        retryable: true,
      });
    });

    it('a cut connection', async () => {
      zone.on('/x', { cut: true });
      await expect(get('/x')).rejects.toBeInstanceOf(OAuthNetworkError);
    });

    it('nobody there', async () => {
      const gone = await ZoneServer.start();
      await gone.stop();
      const error = await createHttpFetch()(gone.issuer).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(OAuthNetworkError);
      expect((error as Error).message).not.toContain('127.0.0.1');
      expect((error as Error).cause).toBeDefined();
    });

    it("the caller's cancellation is not one", async () => {
      const reason = new Error('enough');
      const controller = new AbortController();
      zone.on('/x', () => {
        controller.abort(reason);
        return { after: new Promise(() => {}) };
      });
      await expect(get('/x', {}, { signal: controller.signal })).rejects.toBe(
        reason,
      );
    });

    it('a cancelled call sends nothing', async () => {
      const signal = AbortSignal.abort(new Error('before'));
      await expect(get('/x', {}, { signal })).rejects.toThrow('before');
      expect(zone.requests).toEqual([]);
    });
  });
});
