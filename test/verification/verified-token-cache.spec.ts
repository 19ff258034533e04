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
import { createHttpFetch } from '../../lib/oauth/index.js';
import { KeySetRegistry } from '../../lib/verification/key-set-registry.js';
import { ProtectedResource } from '../../lib/verification/protected-resource.js';
import { TokenVerifier } from '../../lib/verification/token-verifier.js';
import { VerifiedTokenCache } from '../../lib/verification/verified-token-cache.js';
import { ZoneDiscovery } from '../../lib/zone/index.js';
import {
  inSeconds,
  RESOURCE,
  VerificationWorld,
} from '../support/verification-world.js';

const OTHER = 'https://other.example.test/mcp';

let world: VerificationWorld;
beforeAll(async () => {
  world = await VerificationWorld.start();
});
beforeEach(() => {
  world.reset();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => world.zone.stop());

const other = new ProtectedResource({ identifier: OTHER, path: '/mcp' });
const otherTarget = () => other.in(world.single);

describe('a verified token', () => {
  it('is remembered as the very same principal', async () => {
    const verifier = world.verifier();
    const token = world.token();
    expect(verifier.remembered(token, world.target())).toBeUndefined();
    const principal = await verifier.verify(token, world.target());
    expect(verifier.remembered(token, world.target())).toBe(principal);
  });

  it('is not mistaken for another', async () => {
    const verifier = world.verifier();
    const token = world.token();
    await verifier.verify(token, world.target());
    for (const other of [`${token} `, token.slice(0, -1), '', 'x']) {
      expect(verifier.remembered(other, world.target())).toBeUndefined();
    }
  });

  it('is not remembered for another resource', async () => {
    const verifier = world.verifier();
    const token = world.token();
    await verifier.verify(token, world.target());
    expect(verifier.remembered(token, otherTarget())).toBeUndefined();
    await expect(verifier.verify(token, otherTarget())).rejects.toMatchObject({
      reason: 'audience',
    });
  });

  it('good for two resources, is a principal of each', async () => {
    const verifier = world.verifier();
    const token = world.token({ aud: [RESOURCE, OTHER] });
    const one = await verifier.verify(token, world.target());
    const two = await verifier.verify(token, otherTarget());
    expect([one.resource, two.resource]).toEqual([RESOURCE, OTHER]);
    expect(verifier.remembered(token, world.target())).toBe(one);
    expect(verifier.remembered(token, otherTarget())).toBe(two);
  });

  it('is not remembered for another zone', async () => {
    const verifier = world.verifier();
    const token = world.token();
    await verifier.verify(token, world.target());
    const zone = { issuer: 'https://elsewhere.example.test' };
    expect(
      verifier.remembered(token, world.target(undefined, zone)),
    ).toBeUndefined();
  });

  it('is not remembered for another id of its zone', async () => {
    const verifier = world.verifier();
    const in_ = (id: string) =>
      world.target(RESOURCE, { id, issuer: world.zone.issuer });
    const token = world.token();
    await verifier.verify(token, in_('a'));
    expect(verifier.remembered(token, in_('a'))).toBeDefined();
    expect(verifier.remembered(token, in_('b'))).toBeUndefined();
  });

  it('is not remembered where another audience is asked for', async () => {
    const verifier = world.verifier();
    const token = world.token({ aud: 'https://a' });
    await verifier.verify(token, world.target(false));
    expect(verifier.remembered(token, world.target(false))).toBeDefined();
    expect(verifier.remembered(token, world.target())).toBeUndefined();
  });

  it('refused, is not remembered', async () => {
    const verifier = world.verifier();
    const token = world.token({ exp: inSeconds(-1) });
    await expect(verifier.verify(token, world.target())).rejects.toThrow();
    expect(verifier.remembered(token, world.target())).toBeUndefined();
  });

  it('is forgotten when it expires', async () => {
    const verifier = world.verifier();
    const exp = inSeconds(10);
    const token = world.token({ exp });
    await verifier.verify(token, world.target());
    vi.setSystemTime(exp * 1000 - 1);
    expect(verifier.remembered(token, world.target())).toBeDefined();
    vi.setSystemTime(exp * 1000);
    expect(verifier.remembered(token, world.target())).toBeUndefined();
  });

  it('is forgotten after the lifetime', async () => {
    const verifier = world.verifier({ cache: { lifetime: 20 } });
    const token = world.token();
    await verifier.verify(token, world.target());
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(verifier.remembered(token, world.target())).toBeUndefined();
  });

  it.each([0, -1])('is not remembered with lifetime %s', async (lifetime) => {
    const verifier = world.verifier({ cache: { lifetime } });
    const token = world.token();
    await verifier.verify(token, world.target());
    expect(verifier.remembered(token, world.target())).toBeUndefined();
  });

  it('makes room: the number of tokens is bounded', async () => {
    const verifier = world.verifier({ cache: { maxTokens: 2 } });
    const tokens = ['1', '2', '3'].map((jti) => world.token({ jti }));
    for (const token of tokens) await verifier.verify(token, world.target());
    expect(
      tokens.map(
        (token) => verifier.remembered(token, world.target())?.claims.jti,
      ),
    ).toEqual([undefined, '2', '3']);
  });

  it('is forgotten with all others when the cache is cleared', async () => {
    const fetch = createHttpFetch();
    const discovery = new ZoneDiscovery(fetch);
    const cache = new VerifiedTokenCache();
    const keySets = new KeySetRegistry(discovery, fetch);
    const verifier = new TokenVerifier(discovery, keySets, cache);
    const token = world.token();
    await verifier.verify(token, world.target());
    cache.clear();
    expect(verifier.remembered(token, world.target())).toBeUndefined();
  });
});
