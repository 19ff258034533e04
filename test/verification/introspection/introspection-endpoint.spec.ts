import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientSecret } from '../../../lib/credentials/client-secret.credential.js';
import { createHttpFetch } from '../../../lib/oauth/http-fetch.js';
import { TokenIntrospector } from '../../../lib/verification/introspection/token-introspector.js';
import { ZoneDiscovery } from '../../../lib/zone/zone-discovery.js';
import { ZoneUnavailableError } from '../../../lib/zone/zone-unavailable.error.js';
import {
  createIntrospector,
  startZone,
  targetIn,
  TOKEN,
  type IntrospectionZone,
} from './zone.fixture.js';

let zone: IntrospectionZone;
let foreign: IntrospectionZone;
beforeEach(async () => {
  [zone, foreign] = await Promise.all([startZone(), startZone()]);
});
afterEach(() => Promise.all([zone.close(), foreign.close()]));

describe('the endpoint of the metadata', () => {
  it.each<[string, () => unknown]>([
    ['is missing', () => undefined],
    ['is not a text', () => 5],
    ['is empty', () => ''],
    ['is on another origin', () => `${foreign.issuer}/introspect`],
    ['is not secure', () => 'http://zone.example.com/introspect'],
    [
      'has credentials in it',
      () => zone.issuer.replace('://', '://ada:secret@'),
    ],
    ['is relative', () => '/introspect'],
    ['is no URL of the web', () => 'file:///etc/passwd'],
  ])('is not asked when it %s', async (_name, endpoint) => {
    zone.metadata = { introspection_endpoint: endpoint() };
    await expect(
      createIntrospector().introspect(TOKEN, targetIn(zone)),
    ).rejects.toBeInstanceOf(ZoneUnavailableError);
    expect([...zone.requests, ...foreign.requests]).toHaveLength(0);
  });
});

describe('a configured endpoint', () => {
  it('replaces that of the metadata, on another origin too', async () => {
    const endpoint = `${foreign.issuer}/introspect`;
    const introspector = createIntrospector({ endpoint });
    // The zone says who issued the token, wherever the question goes.
    expect(await introspector.introspect(TOKEN, targetIn(zone))).toMatchObject({
      iss: zone.issuer,
    });
    expect(zone.requests).toHaveLength(0);
    expect(foreign.requests).toHaveLength(1);
  });

  it('must be that of the zone where there are many', async () => {
    const target = targetIn({ id: 'acme', issuer: zone.issuer });
    const elsewhere = createIntrospector({
      endpoint: `${foreign.issuer}/introspect`,
    });
    await expect(elsewhere.introspect(TOKEN, target)).rejects.toBeInstanceOf(
      ZoneUnavailableError,
    );
    expect(foreign.requests).toHaveLength(0);
    const own = createIntrospector({ endpoint: `${zone.issuer}/introspect` });
    expect(await own.introspect(TOKEN, target)).toBeDefined();
  });

  it.each(['http://zone.example.com/introspect', '/introspect', ''])(
    'must be secure: %j',
    (endpoint) => {
      expect(() => createIntrospector({ endpoint })).toThrow(
        expect.objectContaining({ code: 'ERR_INSECURE_URL' }),
      );
    },
  );
});

describe('an application without an identity at the zone', () => {
  it('asks nothing', async () => {
    const fetch = createHttpFetch();
    const introspector = new TokenIntrospector(
      new ZoneDiscovery(fetch),
      new ClientSecret({ 'https://acme.keycard.cloud': ['acme', 's3cret'] }),
      fetch,
    );
    await expect(
      introspector.introspect(TOKEN, targetIn(zone)),
    ).rejects.toMatchObject({
      code: 'ERR_ZONE_UNAVAILABLE',
      cause: { code: 'ERR_CREDENTIAL' },
    });
    expect(zone.requests).toHaveLength(0);
  });
});
