import { describe, expect, it } from 'vitest';
import {
  createHttpFetch,
  discoverServer,
  InsecureUrlError,
  OAuthHttpError,
  OAuthNetworkError,
  OAuthResponseError,
} from '../../lib/oauth/index.js';
import { useZoneServer } from '../support/use-zone-server.js';
import {
  METADATA,
  OPENID_METADATA,
  ZoneServer,
} from '../support/zone-server.js';

const zone = await useZoneServer();
const other = await useZoneServer();

const discover = (path = '') =>
  discoverServer(zone.issuer + path, createHttpFetch());

describe('discoverServer', () => {
  it('asks once, without credentials', async () => {
    const server = await discover();
    expect(server).toEqual(zone.document());
    expect(zone.requests).toHaveLength(1);
    const [{ method, path, headers }] = zone.requests as never as [
      ZoneServer['requests'][number],
    ];
    expect([method, path]).toEqual(['GET', METADATA]);
    expect(headers).toMatchObject({
      accept: 'application/json',
      'user-agent': 'nestjs-keycard',
    });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('cookie');
  });

  it.each([
    ['', METADATA],
    ['/', METADATA],
    ['/tenant', `${METADATA}/tenant`],
    ['/a/b', `${METADATA}/a/b`],
  ])('puts the well-known name before the path %j', async (path, expected) => {
    zone.on(expected, {
      body: { ...zone.document(), issuer: zone.issuer + path },
    });
    await discover(path);
    expect(zone.requests.map((request) => request.path)).toEqual([expected]);
  });

  it.each([
    ['', '/'],
    ['/', ''],
    ['/tenant', '/tenant/'],
  ])(
    'forgives a slash at the end: asked for %j, answered %j',
    async (asked, named) => {
      const issuer = zone.issuer + named;
      zone.on(METADATA, { body: { issuer } });
      zone.on(`${METADATA}/tenant`, { body: { issuer } });
      expect((await discover(asked)).issuer).toBe(issuer);
    },
  );

  it.each([
    ['another host', () => other.issuer],
    ['a longer host', () => zone.issuer.replace('.1:', '.1.evil.example:')],
    ['another path', () => `${zone.issuer}/other`],
    ['another path with a slash', () => `${zone.issuer}/other/`],
    ['two slashes', () => `${zone.issuer}//`],
    ['a query', () => `${zone.issuer}?x`],
    ['https', () => zone.issuer.replace('http:', 'https:')],
  ])('refuses metadata of another issuer: %s', async (_case, issuer) => {
    zone.metadata = { issuer: issuer() };
    const error = await discover().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OAuthResponseError);
    expect(error).toMatchObject({
      message: expect.stringContaining('another issuer'),
      retryable: false,
    });
  });

  it.each([
    ['no issuer', { body: {} }],
    ['an issuer that is no URL', { body: { issuer: 'zone' } }],
    ['an issuer that is no text', { body: { issuer: 1 } }],
    ['a list', { body: [] }],
    ['null', { body: null }],
    ['a page', { body: '<html>' }],
    ['broken JSON', { body: '{', type: 'application/json' }],
    ['nothing', {}],
    ['JSON that calls itself a page', { body: '{}', type: 'text/html' }],
  ])('refuses %s', async (_case, reply) => {
    zone.on(METADATA, reply);
    await expect(discover()).rejects.toBeInstanceOf(OAuthResponseError);
  });

  it.each([400, 401, 403, 429, 500, 502, 503])(
    'status %s: an error with the status',
    async (status) => {
      zone.on(METADATA, { status, body: { error: 'x', secret: 'y' } });
      zone.on(OPENID_METADATA, { body: zone.document() });
      const error = await discover().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(OAuthHttpError);
      expect(error).toMatchObject({
        status,
        retryable: status === 429 || status >= 500,
      });
      expect(zone.count(OPENID_METADATA)).toBe(0);
    },
  );

  it('status 404: OpenID Connect Discovery', async () => {
    zone.on(METADATA, { status: 404 });
    zone.on(OPENID_METADATA, { body: zone.document() });
    expect(await discover()).toEqual(zone.document());
    expect(zone.requests.map(({ path }) => path)).toEqual([
      METADATA,
      OPENID_METADATA,
    ]);
  });

  it('the issuer is checked there, too', async () => {
    zone.on(METADATA, { status: 404 });
    zone.on(OPENID_METADATA, { body: { issuer: other.issuer } });
    await expect(discover()).rejects.toBeInstanceOf(OAuthResponseError);
  });

  it('neither document: 404', async () => {
    zone.on(METADATA, { status: 404 });
    await expect(discover()).rejects.toMatchObject({ status: 404 });
  });

  it('a redirect is refused', async () => {
    zone.on(METADATA, {
      status: 302,
      headers: { location: other.issuer + METADATA },
    });
    await expect(discover()).rejects.toBeInstanceOf(OAuthHttpError);
    expect(other.requests).toEqual([]);
  });

  it('a cut connection', async () => {
    zone.on(METADATA, { cut: true });
    await expect(discover()).rejects.toBeInstanceOf(OAuthNetworkError);
  });

  it.each(['http://as.example.com', 'https://u:p@as.example.com', 'zone', ''])(
    'the issuer %j is not asked',
    async (issuer) => {
      let calls = 0;
      const fetch = async () => {
        calls += 1;
        return new Response();
      };
      await expect(discoverServer(issuer, fetch)).rejects.toBeInstanceOf(
        InsecureUrlError,
      );
      expect(calls).toBe(0);
    },
  );
});
