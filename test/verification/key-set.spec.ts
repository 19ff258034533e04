import type { JWK } from 'jose';
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
import { InvalidTokenError } from '../../lib/verification/invalid-token.error.js';
import { Principal } from '../../lib/verification/principal.js';
import type { TokenVerifier } from '../../lib/verification/token-verifier.js';
import { ZoneUnavailableError } from '../../lib/zone/index.js';
import { createSigner, forge, type Signer } from '../support/token-forge.js';
import { VerificationWorld } from '../support/verification-world.js';
import {
  KEYS,
  METADATA,
  ZoneServer,
  type Reply,
} from '../support/zone-server.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: VerificationWorld;
let zone: ZoneServer;
let verifier: TokenVerifier;
const second = createSigner('RS256', 'key-2');
const replaced = createSigner('RS256', 'key-1');
const ec = createSigner('ES256', 'ec');
const ed = createSigner('EdDSA', 'ed');
const ps = createSigner('PS256', 'ps');

beforeAll(async () => {
  world = await VerificationWorld.start();
  ({ zone } = world);
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  world.reset();
  verifier = create();
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => zone.stop());

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const create = (keys = {}, algorithms = ALGORITHMS) =>
  world.verifier({ keys, policy: { algorithms }, cache: { lifetime: 0 } });
const pass = (milliseconds: number) =>
  vi.setSystemTime(Date.now() + milliseconds);

let serial = 0;
const tokenOf = (signer: Signer, header: Record<string, unknown> = {}) =>
  forge(signer, world.claims({ jti: `token-${(serial += 1)}` }), {
    alg: signer.alg,
    kid: signer.kid,
    ...header,
  });
const verify = (token: string) => verifier.verify(token, world.target());
const outcome = (token: string) =>
  verify(token).then(
    () => 'accepted',
    (error: unknown) =>
      error instanceof InvalidTokenError ? error.reason : (error as Error).name,
  );

describe('reading the keys', () => {
  it('takes one request for any number of concurrent tokens', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => verify(tokenOf(world.signer))),
    );
    expect(answers.every((one) => one instanceof Principal)).toBe(true);
    expect(zone.count(METADATA)).toBe(1);
    expect(zone.count(KEYS)).toBe(1);
  });

  it('is done without credentials', async () => {
    await verify(tokenOf(world.signer));
    const { method, headers } = zone.requests.find(
      ({ path }) => path === KEYS,
    )!;
    expect(method).toBe('GET');
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).toMatchObject({
      accept: 'application/json',
      'user-agent': 'nestjs-keycard',
    });
  });

  it.each([
    ['by default', {}, 5 * MINUTE],
    ['as configured', { lifetime: 1_000 }, 1_000],
    [
      'even if it is shorter than the cooldown',
      { lifetime: 9, cooldown: 99 },
      9,
    ],
  ])(
    'is done again after the lifetime: %s',
    async (_case, options, lifetime) => {
      verifier = create(options);
      await verify(tokenOf(world.signer));
      zone.keys = [];
      pass(lifetime - 1);
      expect(await outcome(tokenOf(world.signer))).toBe('accepted');
      pass(1);
      expect(await outcome(tokenOf(world.signer))).toBe('key');
    },
  );

  it.each<[string, Reply]>([
    ['status 500', { status: 500 }],
    ['status 404', { status: 404 }],
    ['status 204', { status: 204 }],
    ['a redirect', { status: 302, headers: { location: '/elsewhere' } }],
    ['a cut connection', { cut: true }],
    ['a page', { body: '<html>' }],
    ['nothing', {}],
    ['null', { body: null }],
    ['a list', { body: [] }],
    ['no keys', { body: {} }],
    ['keys that are no list', { body: { keys: {} } }],
  ])(
    '%s: the zone is unavailable, and it is not remembered',
    async (_case, reply) => {
      zone.on('/elsewhere', { body: { keys: [world.signer.jwk] } });
      zone.on(KEYS, reply);
      const error = await verify(tokenOf(world.signer)).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ZoneUnavailableError);
      expect((error as Error).cause).toBeDefined();
      expect(zone.count('/elsewhere')).toBe(0);
      world.reset();
      expect(await outcome(tokenOf(world.signer))).toBe('accepted');
    },
  );

  it.each([
    ['another origin', () => 'OTHER'],
    ['https', () => zone.issuer.replace('http:', 'https:') + KEYS],
    ['a user in it', () => zone.issuer.replace('//', '//evil@') + KEYS],
    ['a host like the issuer', () => 'https://127.0.0.1.evil.example/jwks'],
    ['no URL', () => 'jwks'],
    ['no text', () => 42],
    ['nothing', () => undefined],
  ])('a jwks_uri with %s is not asked', async (_case, uri) => {
    await using other = await ZoneServer.start();
    other.keys = [world.signer.jwk];
    const value = uri();
    zone.metadata = {
      jwks_uri: value === 'OTHER' ? other.issuer + KEYS : value,
    };
    await expect(verify(tokenOf(world.signer))).rejects.toBeInstanceOf(
      ZoneUnavailableError,
    );
    expect(other.requests).toEqual([]);
    expect(zone.count(KEYS)).toBe(0);
  });
});

describe('an unknown key', () => {
  it('causes one request per cooldown', async () => {
    await verify(tokenOf(world.signer));
    pass(30_000);
    for (let i = 0; i < 20; i += 1) {
      const token = tokenOf(world.signer, { kid: `random-${i}` });
      expect(await outcome(token)).toBe('key');
    }
    expect(zone.count(KEYS)).toBe(2);
    pass(30_000);
    await outcome(tokenOf(world.signer, { kid: 'random' }));
    expect(zone.count(KEYS)).toBe(3);
  });

  it('causes none right after the keys were read', async () => {
    for (let i = 0; i < 20; i += 1) {
      await outcome(tokenOf(world.signer, { kid: `random-${i}` }));
    }
    expect(zone.count(KEYS)).toBe(1);
  });

  it('causes one request when many ask at once', async () => {
    await verify(tokenOf(world.signer));
    pass(30_000);
    zone.keys = [world.signer.jwk, second.jwk];
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        outcome(i % 2 ? tokenOf(second) : tokenOf(second, { kid: 'random' })),
      ),
    );
    expect(outcomes.filter((one) => one === 'accepted')).toHaveLength(5);
    expect(outcomes.filter((one) => one === 'key')).toHaveLength(5);
    expect(zone.count(KEYS)).toBe(2);
  });

  it('is picked up, and the old one forgotten', async () => {
    await verify(tokenOf(world.signer));
    zone.keys = [second.jwk];
    pass(30_000);
    expect(await outcome(tokenOf(second))).toBe('accepted');
    expect(await outcome(tokenOf(world.signer))).toBe('key');
    expect(zone.count(KEYS)).toBe(2);
  });

  it('an empty set has none, and fills again', async () => {
    zone.keys = [];
    expect(await outcome(tokenOf(world.signer))).toBe('key');
    zone.keys = [world.signer.jwk];
    expect(await outcome(tokenOf(world.signer))).toBe('key');
    pass(30_000);
    expect(await outcome(tokenOf(world.signer))).toBe('accepted');
  });
});

describe('another key under a known id', () => {
  it('is picked up after a wrong signature', async () => {
    await verify(tokenOf(world.signer));
    zone.keys = [replaced.jwk];
    pass(30_000);
    expect(await outcome(tokenOf(replaced))).toBe('accepted');
    expect(await outcome(tokenOf(world.signer))).toBe('signature');
    expect(zone.count(KEYS)).toBe(2);
  });

  it('is looked for once per cooldown', async () => {
    await verify(tokenOf(world.signer));
    pass(30_000);
    for (let i = 0; i < 20; i += 1) {
      expect(await outcome(tokenOf(replaced))).toBe('signature');
    }
    expect(zone.count(KEYS)).toBe(2);
    expect(await outcome(tokenOf(world.signer))).toBe('accepted');
  });

  it('a wrong signature stays wrong while the zone is down', async () => {
    await verify(tokenOf(world.signer));
    pass(30_000);
    zone.fail();
    expect(await outcome(tokenOf(replaced))).toBe('signature');
    expect(await outcome(tokenOf(world.signer))).toBe('accepted');
  });
});

describe('a zone that is down', () => {
  it('is no reason to refuse tokens, for an hour', async () => {
    await verify(tokenOf(world.signer));
    zone.fail();
    pass(5 * MINUTE + HOUR - 1);
    expect(await outcome(tokenOf(world.signer))).toBe('accepted');
    pass(1);
    expect(await outcome(tokenOf(world.signer))).toBe('ZoneUnavailableError');
  });

  it('is asked once per cooldown', async () => {
    await verify(tokenOf(world.signer));
    zone.fail();
    pass(5 * MINUTE);
    for (let i = 0; i < 5; i += 1) await verify(tokenOf(world.signer));
    expect(zone.count(KEYS)).toBe(2);
  });

  it('cannot rule out a key that nobody has seen', async () => {
    await verify(tokenOf(world.signer));
    zone.fail();
    pass(30_000);
    expect(await outcome(tokenOf(second))).toBe('ZoneUnavailableError');
    expect(await outcome(tokenOf(second))).toBe('ZoneUnavailableError');
    expect(zone.count(KEYS)).toBe(2);
  });

  it('says nothing about any token before the keys were read', async () => {
    zone.fail({ cut: true });
    const error = await verify(tokenOf(world.signer)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ZoneUnavailableError);
    expect(error).toHaveProperty('issuer', zone.issuer);
  });
});

const key = (changes: Partial<JWK>) => ({ ...world.signer.jwk, ...changes });

describe('which keys are used', () => {
  const odd: readonly unknown[] = [
    null,
    'key',
    42,
    [],
    {},
    { kty: 'XYZ', kid: 'key-1' },
    { kty: 'oct', k: 'c2VjcmV0', kid: 'key-1', alg: 'HS256' },
    { kty: 'OKP', crv: 'X25519', x: 'AA', kid: 'key-1' },
    { kty: 'RSA', kid: 'key-1' },
    { kty: 'RSA', kid: 'key-1', n: 'AA', e: 'AQAB' },
    { kty: 'RSA', kid: 'key-1', n: '_'.repeat(400) },
    { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'ec' },
    { kty: 'OKP', crv: 'Ed25519', x: 'AA', kid: 'ed' },
  ];

  it.each([
    ['RS256', () => world.signer],
    ['ES256', () => ec],
    ['EdDSA', () => ed],
    ['PS256', () => ps],
  ])('%s, among entries that are no keys', async (_alg, signer) => {
    zone.keys = [
      ...odd,
      ...[world.signer, ec, ed, ps].map(({ jwk }) => jwk),
      ...odd,
    ];
    expect(await outcome(tokenOf(signer()))).toBe('accepted');
  });

  it.each<[string, () => JWK]>([
    ['encryption', () => key({ use: 'enc' })],
    ['other operations', () => key({ use: undefined, key_ops: ['encrypt'] })],
    ['another algorithm', () => key({ alg: 'PS256' })],
    ['another id', () => key({ kid: 'key-3' })],
    ['no id', () => key({ kid: undefined })],
    ['an id that is no text', () => key({ kid: ['key-1'] as never })],
    [
      'everybody to sign with',
      () => world.signer.privateKey.export({ format: 'jwk' }),
    ],
  ])('not one for %s', async (_case, create) => {
    zone.keys = [{ kid: 'key-1', ...create() }];
    expect(await outcome(tokenOf(world.signer))).toBe('key');
  });

  it('not one that is weak', async () => {
    const weak = createSigner('RS256', 'weak', 1024);
    zone.keys = [weak.jwk];
    expect(await outcome(tokenOf(weak))).toBe('key');
  });

  it.each([
    ['first', () => [world.signer.jwk, replaced.jwk]],
    ['last', () => [replaced.jwk, world.signer.jwk]],
  ])('two under one id: the %s one fits', async (_case, keys) => {
    zone.keys = keys();
    expect(await outcome(tokenOf(world.signer))).toBe('accepted');
    expect(await outcome(tokenOf(second, { kid: 'key-1' }))).toBe('signature');
  });

  it('one that cannot be imported does not spoil another of its id', async () => {
    zone.keys = [
      key({ key_ops: ['verify', 'nonsense'] }),
      key({ e: undefined }),
    ];
    expect(await outcome(tokenOf(world.signer))).toBe('key');
    zone.keys = [...zone.keys, world.signer.jwk];
    pass(30_000);
    expect(await outcome(tokenOf(world.signer))).toBe('accepted');
  });

  it('one without an algorithm is good for each, whichever comes first', async () => {
    const { alg: _alg, ...any } = world.signer.jwk;
    zone.keys = [any];
    const asPs = { ...world.signer, alg: 'PS256' };
    expect(await outcome(tokenOf(asPs))).toBe('accepted');
    expect(await outcome(tokenOf(world.signer))).toBe('accepted');
    const forged = tokenOf({ ...second, alg: 'PS256' }, { kid: 'key-1' });
    expect(await outcome(forged)).toBe('signature');
    expect(await outcome(tokenOf(world.signer))).toBe('accepted');
  });

  it('no more than 64 of a set', async () => {
    const filler = Array.from({ length: 64 }, (_, i) => key({ kid: `k${i}` }));
    zone.keys = [...filler, world.signer.jwk];
    expect(await outcome(tokenOf(world.signer))).toBe('key');
  });
});

describe('two issuers', () => {
  it('with keys of one id do not vouch for each other', async () => {
    const other = await VerificationWorld.start(replaced);
    const a = { id: 'a', issuer: zone.issuer };
    const b = { id: 'b', issuer: other.zone.issuer };
    const audience = 'https://mcp.example.test/mcp';
    const inZone = (token: string, at: typeof a) =>
      verifier.verify(token, world.target(audience, at)).then(
        ({ zoneId }) => zoneId,
        (error: InvalidTokenError) => error.reason,
      );
    expect(await inZone(world.token(), a)).toBe('a');
    expect(await inZone(other.token(), b)).toBe('b');
    // The token of one presented to the other, as it is and with a forged issuer.
    expect(await inZone(world.token(), b)).toBe('issuer');
    expect(await inZone(world.token({ iss: b.issuer }), b)).toBe('signature');
    expect(await inZone(other.token({ iss: a.issuer }), a)).toBe('signature');
    await other.zone.stop();
  });
});
