import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import {
  createHttpFetch,
  OAuthHttpError,
  OAuthNetworkError,
  OAuthResponseError,
} from '../../lib/oauth/index.js';
import {
  ZoneDiscovery,
  ZoneUnavailableError,
  type ZoneDiscoveryOptions,
} from '../../lib/zone/index.js';
import { METADATA, ZoneServer, type Reply } from '../support/zone-server.js';

const HOUR = 3_600_000;
const DAY = 86_400_000;

let zone: ZoneServer;
beforeAll(async () => {
  zone = await ZoneServer.start();
});
beforeEach(() => {
  zone.reset();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => zone.stop());

const create = (options?: ZoneDiscoveryOptions) =>
  new ZoneDiscovery(createHttpFetch({ timeout: 5_000 }), options);
const pass = (milliseconds: number) =>
  vi.setSystemTime(Date.now() + milliseconds);
const name = (version: string) => {
  zone.metadata = { service_documentation: version };
};

describe('ZoneDiscovery', () => {
  it('asks once for any number of concurrent readers', async () => {
    const discovery = create();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => discovery.metadataOf(zone.issuer)),
    );
    expect(new Set(answers).size).toBe(1);
    expect(zone.requests).toHaveLength(1);
  });

  it('shares a failure among concurrent readers, and no longer', async () => {
    const discovery = create();
    zone.fail();
    const failed = await Promise.allSettled(
      Array.from({ length: 5 }, () => discovery.metadataOf(zone.issuer)),
    );
    expect(failed.map(({ status }) => status)).toEqual(
      Array(5).fill('rejected'),
    );
    expect(zone.requests).toHaveLength(1);
    zone.reset();
    expect((await discovery.metadataOf(zone.issuer)).issuer).toBe(zone.issuer);
  });

  it.each<[string, Reply, Function]>([
    ['a status', { status: 500 }, OAuthHttpError],
    ['a redirect', { status: 302 }, OAuthHttpError],
    ['a cut connection', { cut: true }, OAuthNetworkError],
    ['another issuer', { body: { issuer: 'https://x.y' } }, OAuthResponseError],
    ['a page', { body: '<html>' }, OAuthResponseError],
  ])('%s: the zone is unavailable', async (_case, reply, cause) => {
    zone.on(METADATA, reply);
    const error = await create()
      .metadataOf(zone.issuer)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ZoneUnavailableError);
    expect(error).toMatchObject({
      code: 'ERR_ZONE_UNAVAILABLE',
      issuer: zone.issuer,
    });
    expect((error as Error).cause).toBeInstanceOf(cause);
    expect((error as Error).message).not.toContain(zone.issuer);
  });

  it.each([
    ['by default', undefined, HOUR],
    ['as configured', { lifetime: 1_000 }, 1_000],
  ])(
    'believes metadata for its lifetime: %s',
    async (_case, options, lifetime) => {
      const discovery = create(options);
      name('1');
      await discovery.metadataOf(zone.issuer);
      name('2');
      pass(lifetime - 1);
      expect(await discovery.metadataOf(zone.issuer)).toHaveProperty(
        'service_documentation',
        '1',
      );
      pass(1);
      expect(await discovery.metadataOf(zone.issuer)).toHaveProperty(
        'service_documentation',
        '2',
      );
      expect(zone.requests).toHaveLength(2);
    },
  );

  it('the lifetime counts even if it is shorter than the cooldown', async () => {
    const discovery = create({ lifetime: 10, cooldown: HOUR });
    await discovery.metadataOf(zone.issuer);
    pass(10);
    await discovery.metadataOf(zone.issuer);
    expect(zone.requests).toHaveLength(2);
  });

  it('serves old metadata while the zone is down, for a day', async () => {
    const discovery = create();
    await discovery.metadataOf(zone.issuer);
    zone.fail();
    pass(HOUR + DAY - 1);
    expect((await discovery.metadataOf(zone.issuer)).issuer).toBe(zone.issuer);
    pass(1);
    await expect(discovery.metadataOf(zone.issuer)).rejects.toBeInstanceOf(
      ZoneUnavailableError,
    );
  });

  it('asks a zone that is down once per cooldown', async () => {
    const discovery = create({ cooldown: 30_000 });
    await discovery.metadataOf(zone.issuer);
    zone.requests.length = 0;
    zone.fail();
    pass(HOUR);
    const read = () => discovery.metadataOf(zone.issuer);
    for (let i = 0; i < 5; i += 1) await read();
    expect(zone.requests).toHaveLength(1);
    pass(29_999);
    await read();
    expect(zone.requests).toHaveLength(1);
    pass(1);
    await read();
    expect(zone.requests).toHaveLength(2);
  });

  it('serves old metadata to others while one reader waits', async () => {
    const discovery = create();
    await discovery.metadataOf(zone.issuer);
    const { promise: after, resolve: answer } = deferred();
    zone.on(METADATA, () => ({ after, body: zone.document() }));
    name('2');
    pass(HOUR);
    const waiting = discovery.metadataOf(zone.issuer);
    expect(await discovery.metadataOf(zone.issuer)).not.toHaveProperty(
      'service_documentation',
    );
    answer();
    expect(await waiting).toHaveProperty('service_documentation', '2');
  });

  it('recovers after the cooldown', async () => {
    const discovery = create();
    await discovery.metadataOf(zone.issuer);
    zone.fail();
    pass(HOUR);
    await discovery.metadataOf(zone.issuer);
    zone.reset();
    name('2');
    pass(30_000);
    expect(await discovery.metadataOf(zone.issuer)).toHaveProperty(
      'service_documentation',
      '2',
    );
  });

  it('keeps issuers apart', async () => {
    await using other = await ZoneServer.start();
    const discovery = create();
    const [a, b] = await Promise.all([
      discovery.metadataOf(zone.issuer),
      discovery.metadataOf(other.issuer),
    ]);
    expect([a.issuer, b.issuer]).toEqual([zone.issuer, other.issuer]);
  });

  it('remembers a bounded number of issuers', async () => {
    await using other = await ZoneServer.start();
    const discovery = create({ maxIssuers: 1 });
    await discovery.metadataOf(zone.issuer);
    await discovery.metadataOf(other.issuer);
    await discovery.metadataOf(zone.issuer);
    expect(zone.requests).toHaveLength(2);
    expect(other.requests).toHaveLength(1);
  });

  it('keeps those it read, however many cannot be read', async () => {
    await using other = await ZoneServer.start();
    other.fail();
    const discovery = create({ maxIssuers: 2 });
    await discovery.metadataOf(zone.issuer);
    const made = Array.from({ length: 10 }, (_, id) =>
      discovery.metadataOf(`${other.issuer}/${id}`),
    );
    expect(
      new Set((await Promise.allSettled(made)).map(({ status }) => status)),
    ).toEqual(new Set(['rejected']));
    await discovery.metadataOf(zone.issuer);
    expect(zone.requests).toHaveLength(1);
    expect(discovery.ageOf(`${other.issuer}/1`)).toBeUndefined();
  });

  it('never sends credentials, and says who it is', async () => {
    await create().metadataOf(zone.issuer);
    const { headers } = zone.requests[0]!;
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).toHaveProperty('user-agent', 'nestjs-keycard');
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
