import KeyvRedis, { type RedisClientType } from '@keyv/redis';
import { Keyv } from 'keyv';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Principal, SharedStore } from 'nestjs-keycard';
import type { LocalZone } from 'nestjs-keycard/local-zone';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from 'vitest';
import { SharedTokenStore } from '../../lib/delegation/cache/shared-token-store.js';
import type { ExchangeReport } from '../../lib/delegation/exchange-report.js';
import {
  CALENDAR,
  GRANT_TYPE,
  principalOf,
  serviceWith,
  startZone,
  STATUS,
} from '../delegation/support/exchange-world.js';
import { RecordingLogger } from '../support/boot.js';
import { hasRedis, RedisServer } from '../support/redis.js';

const OLD_SECRET = 'an-old-secret-of-at-least-32-characters';
const NEW_SECRET = 'a-newer-secret-of-at-least-32-characters';
const NAMESPACE = 'exchanges';

describe.skipIf(!hasRedis())('tokens that replicas share over Redis', () => {
  let redis: RedisServer;
  let zone: LocalZone;
  let tokens: Record<'ada' | 'bob', string>;
  let ada: Principal;
  let bob: Principal;
  let logger: RecordingLogger;
  let stores: Keyv[];
  const reports: ExchangeReport[] = [];

  beforeAll(async () => {
    [redis, zone] = await Promise.all([RedisServer.start(), startZone()]);
    tokens = {
      ada: (await zone.login('usr_ada')).accessToken,
      bob: (await zone.login('usr_bob')).accessToken,
    };
    ada = principalOf(zone.issuer, tokens.ada);
    bob = principalOf(zone.issuer, tokens.bob);
  });
  beforeEach(async () => {
    stores = [];
    logger = new RecordingLogger();
    reports.length = 0;
    await open().clear();
    zone.clearScripts();
    zone.clearCalls();
  });
  afterEach(async () => {
    expectNoLeak();
    // Not gracefully: one that never got a connection would wait for it.
    for (const { store } of stores) {
      const { client } = store as KeyvRedis<string>;
      if (client.isOpen) (client as RedisClientType).destroy();
    }
  });
  afterAll(async () => {
    await Promise.all([redis.stop(), zone.stop()]);
  });

  function open(): Keyv {
    const store = new Keyv({
      store: new KeyvRedis(redis.url),
      namespace: NAMESPACE,
    });
    stores.push(store);
    return store;
  }

  /** One replica: a process of its own would have no more in common. */
  function replica(
    secret: string | readonly string[] = OLD_SECRET,
    // Typed as an application writes it: a Keyv instance is a store.
    store: SharedStore = open(),
    timeout = 2_000,
  ) {
    return serviceWith({
      issuer: zone.issuer,
      shared: new SharedTokenStore({ store, secret, timeout }, logger),
      onExchange: (report) => reports.push(report),
    });
  }

  const exchanges = () => zone.count('token', GRANT_TYPE);
  const lastCache = () => reports.at(-1)!.cache;
  const client = () => {
    const keyv = stores[0]!;
    return (keyv.store as KeyvRedis<string>).client as unknown as {
      keys(pattern: string): Promise<string[]>;
      get(key: string): Promise<string>;
      set(key: string, value: string): Promise<unknown>;
      pTTL(key: string): Promise<number>;
    };
  };

  function expectNoLeak(): void {
    for (const secret of [tokens.ada, tokens.bob, OLD_SECRET, NEW_SECRET]) {
      expect(logger.text).not.toContain(secret);
    }
    expect(logger.text).not.toMatch(/eyJ|redis:\/\//);
    expect(JSON.stringify(reports)).not.toContain(tokens.ada);
  }

  /** What is in Redis, as anybody sees it who may read it. */
  async function entries(): Promise<[key: string, sealed: string][]> {
    const keys = await client().keys('*');
    return Promise.all(
      keys.map(async (key): Promise<[string, string]> => {
        const text = await client().get(key);
        return [key, (JSON.parse(text) as { value: string }).value];
      }),
    );
  }

  const overwrite = async (key: string, value: unknown) => {
    const wrapped = JSON.parse(await client().get(key)) as object;
    await client().set(key, JSON.stringify({ ...wrapped, value }));
  };

  it('are exchanged once for two replicas', async () => {
    const [one, other] = [replica(), replica()];
    const first = await one.token(ada, CALENDAR);
    const second = await other.token(ada, CALENDAR);
    expect(second.accessToken).toBe(first.accessToken);
    expect(second).toMatchObject({
      tokenType: first.tokenType,
      scopes: first.scopes,
    });
    expect(Math.abs(second.expiresAt! - first.expiresAt!)).toBeLessThan(1);
    expect(exchanges()).toBe(1);
    expect(reports.map(({ cache }) => cache)).toEqual(['miss', 'shared_hit']);
    await other.token(ada, CALENDAR);
    expect(lastCache()).toBe('hit');
  });

  it('stay with their caller, resource, scopes and authority', async () => {
    const [one, other] = [replica(), replica()];
    await one.token(ada, CALENDAR);
    const others = await Promise.all([
      other.token(bob, CALENDAR),
      other.token(ada, STATUS),
      other.token(ada, { resource: CALENDAR, scopes: ['events:read'] }),
      other.impersonate('user@example.com', { resource: CALENDAR }),
      other.asApplication({ resource: CALENDAR }),
    ]);
    expect(reports.slice(1).map(({ cache }) => cache)).toEqual(
      Array.from({ length: 5 }, () => 'miss'),
    );
    expect(decodeJwt(others[0].accessToken).sub).toBe('usr_bob');
  });

  it('are encrypted, under keys that tell nothing', async () => {
    const { accessToken } = await replica().token(ada, CALENDAR);
    const [[key, sealed]] = (await entries()) as [[string, string]];
    expect(decodeProtectedHeader(sealed)).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: expect.stringMatching(/^[\w-]{8}$/),
    });
    expect(key).toMatch(/[:]{1,2}[\w-]{43}$/);
    for (const part of [accessToken, ...accessToken.split('.')]) {
      expect(sealed).not.toContain(part);
    }
    expect(key).not.toMatch(/usr_|calendar|assistant|localhost/);
    expect(sealed.split('.')).toHaveLength(5);
  });

  it('leave Redis when they leave the cache', async () => {
    await replica().token(ada, CALENDAR);
    const [[key]] = (await entries()) as [[string, string]];
    const ttl = await client().pTTL(key);
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(60_000);
  });

  it('are read with an old secret, and written with the new one', async () => {
    await replica(OLD_SECRET).token(ada, CALENDAR);
    const [[, before]] = (await entries()) as [[string, string]];
    const rotated = replica([NEW_SECRET, OLD_SECRET]);
    await rotated.token(ada, CALENDAR);
    expect(lastCache()).toBe('shared_hit');
    await rotated.token(bob, CALENDAR);
    const kids = (await entries()).map(
      ([, sealed]) => decodeProtectedHeader(sealed).kid,
    );
    expect(new Set(kids).size).toBe(2);
    expect(kids).toContain(decodeProtectedHeader(before).kid);
    const replaced = replica(NEW_SECRET);
    await replaced.token(bob, CALENDAR);
    expect(lastCache()).toBe('shared_hit');
    await replaced.token(ada, CALENDAR);
    expect(lastCache()).toBe('miss');
  });

  it('cost an exchange with another secret', async () => {
    await replica(OLD_SECRET).token(ada, CALENDAR);
    const { accessToken } = await replica(NEW_SECRET).token(ada, CALENDAR);
    expect(decodeJwt(accessToken).sub).toBe('usr_ada');
    expect(exchanges()).toBe(2);
  });

  const tamper = (sealed: string, part: number) => {
    const parts = sealed.split('.');
    const text = parts[part]!;
    parts[part] = (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    return parts.join('.');
  };

  it.each<[string, (sealed: string) => unknown]>([
    ['no text', () => 1],
    ['null', () => null],
    ['an object', () => ({ accessToken: 'evil' })],
    ['an empty text', () => ''],
    ['garbage', () => 'garbage'],
    ['an unencrypted token', () => JSON.stringify({ accessToken: 'evil' })],
    ['cut short', (sealed) => sealed.slice(0, -8)],
    ['a changed header', (sealed) => tamper(sealed, 0)],
    ['a changed vector', (sealed) => tamper(sealed, 2)],
    ['a changed text', (sealed) => tamper(sealed, 3)],
    ['a changed tag', (sealed) => tamper(sealed, 4)],
  ])('cost an exchange when the value is %s', async (_case, change) => {
    await replica().token(ada, CALENDAR);
    const [[key, sealed]] = (await entries()) as [[string, string]];
    await overwrite(key, change(sealed));
    const { accessToken } = await replica().token(ada, CALENDAR);
    expect(decodeJwt(accessToken)).toMatchObject({
      sub: 'usr_ada',
      aud: CALENDAR,
    });
    expect(lastCache()).toBe('miss');
    expect(exchanges()).toBe(2);
  });

  it('cannot be swapped by whoever may write to Redis', async () => {
    const writer = replica();
    await writer.token(ada, CALENDAR);
    const [[keyOfAda, sealedForAda]] = (await entries()) as [[string, string]];
    await writer.token(bob, CALENDAR);
    const ofBob = (await entries()).find(([key]) => key !== keyOfAda)!;
    await overwrite(keyOfAda, ofBob[1]);
    await overwrite(ofBob[0], sealedForAda);
    const reader = replica();
    const granted = await Promise.all([
      reader.token(ada, CALENDAR),
      reader.token(bob, CALENDAR),
    ]);
    expect(
      granted.map(({ accessToken }) => decodeJwt(accessToken).sub),
    ).toEqual(['usr_ada', 'usr_bob']);
    expect(exchanges()).toBe(4);
  });

  it('are forgotten everywhere when invalidated', async () => {
    const [one, other] = [replica(), replica()];
    await one.token(ada, CALENDAR);
    await one.invalidate(ada, CALENDAR);
    expect(await entries()).toEqual([]);
    await other.token(ada, CALENDAR);
    expect(lastCache()).toBe('miss');
  });

  it('are all forgotten with their caller, and nobody else’s', async () => {
    const [one, other] = [replica(), replica()];
    for (const resource of [CALENDAR, STATUS]) {
      await one.token(ada, resource);
      await one.token(bob, resource);
    }
    await one.asApplication({ resource: STATUS });
    await one.invalidateAll(ada);
    expect(await entries()).toHaveLength(3);
    for (const [principal, cache] of [
      [ada, 'miss'],
      [bob, 'shared_hit'],
    ] as const) {
      await other.token(principal, CALENDAR);
      expect(lastCache()).toBe(cache);
    }
  });

  it('cost an exchange while Redis is slow', async () => {
    const service = replica(OLD_SECRET, open(), 50);
    await service.token(bob, CALENDAR);
    redis.freeze();
    try {
      const { accessToken } = await service.token(ada, CALENDAR);
      expect(decodeJwt(accessToken).sub).toBe('usr_ada');
    } finally {
      redis.thaw();
    }
    expect(logger.lines).toHaveLength(1);
    expect(logger.text).toContain('shared cache');
  });

  it('cost an exchange while Redis is gone, and are shared after it', async () => {
    const service = replica(OLD_SECRET, open(), 500);
    await service.token(bob, CALENDAR);
    await redis.kill();
    try {
      const { accessToken } = await service.token(ada, CALENDAR);
      expect(decodeJwt(accessToken).sub).toBe('usr_ada');
      await service.invalidate(ada, CALENDAR);
      const unreached = replica(OLD_SECRET, open(), 50);
      await unreached.token(ada, CALENDAR);
    } finally {
      await redis.resume();
    }
    await replica().token(ada, STATUS);
    await replica().token(ada, STATUS);
    expect(lastCache()).toBe('shared_hit');
    expect(logger.text).toContain('shared cache');
  });
});
