import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IntrospectionCache } from '../../../lib/verification/introspection/introspection-cache.js';
import {
  activeToken,
  createIntrospector,
  now,
  startZone,
  targetIn,
  TOKEN,
  type Answer,
  type IntrospectionZone,
} from './zone.fixture.js';

let zone: IntrospectionZone;
beforeEach(async () => {
  zone = await startZone();
});
afterEach(() => zone.close());

describe('a remembered token', () => {
  it('is asked about once', async () => {
    const introspector = createIntrospector();
    const first = await introspector.introspect(TOKEN, targetIn(zone));
    expect(await introspector.introspect(TOKEN, targetIn(zone))).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(zone.requests).toHaveLength(1);
    introspector.clear();
    await introspector.introspect(TOKEN, targetIn(zone));
    expect(zone.requests).toHaveLength(2);
  });

  it('is asked about once by concurrent requests', async () => {
    zone.answer = { body: activeToken(), delay: 50 };
    const introspector = createIntrospector({ cacheLifetime: 0 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        introspector.introspect(TOKEN, targetIn(zone)),
      ),
    );
    expect(new Set(answers).size).toBe(1);
    expect(zone.requests).toHaveLength(1);
  });

  it('is asked about in every zone', async () => {
    const other = await startZone();
    try {
      other.answer = { body: { active: false } };
      const introspector = createIntrospector();
      expect(
        await introspector.introspect(TOKEN, targetIn(zone)),
      ).toBeDefined();
      expect(
        await introspector.introspect(TOKEN, targetIn(other)),
      ).toBeUndefined();
    } finally {
      await other.close();
    }
  });

  it('is forgotten when there are too many', async () => {
    const introspector = createIntrospector({ maxTokens: 2 });
    for (const token of ['a', 'b', 'c', 'c', 'b', 'a']) {
      await introspector.introspect(token, targetIn(zone));
    }
    const asked = zone.requests.map(({ body }) => body.get('token'));
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it.each<[string, Answer]>([
    ['inactive', { body: { active: false } }],
    ['expired', { body: activeToken({ exp: now() - 1 }) }],
    ['of unknown life', { body: activeToken({ exp: undefined }) }],
    ['of odd life', { body: activeToken({ exp: '9999999999' }) }],
  ])('is not one that is %s', async (_name, answer) => {
    zone.answer = answer;
    const introspector = createIntrospector();
    await introspector.introspect(TOKEN, targetIn(zone));
    await introspector.introspect(TOKEN, targetIn(zone));
    expect(zone.requests).toHaveLength(2);
  });

  it('is none at all with a lifetime of 0', async () => {
    const introspector = createIntrospector({ cacheLifetime: 0 });
    await introspector.introspect(TOKEN, targetIn(zone));
    await introspector.introspect(TOKEN, targetIn(zone));
    expect(zone.requests).toHaveLength(2);
  });

  it('is not a failure: the next request asks again', async () => {
    const introspector = createIntrospector();
    zone.answer = { status: 503 };
    await expect(
      introspector.introspect(TOKEN, targetIn(zone)),
    ).rejects.toThrow();
    zone.answer = { body: activeToken() };
    expect(await introspector.introspect(TOKEN, targetIn(zone))).toBeDefined();
  });
});

/** Milliseconds that a token which expires then is remembered. */
const lifeOf = async (lifetime: number, exp: number) => {
  const cache = new IntrospectionCache(lifetime, 10);
  await cache.get('token', 'issuer', () => Promise.resolve({ exp }));
  const { claims } = cache as unknown as {
    claims: {
      keys(): Iterable<string>;
      getRemainingTTL(key: string): number;
    };
  };
  const [key] = claims.keys();
  return claims.getRemainingTTL(key!);
};

describe('IntrospectionCache', () => {
  it('remembers no longer than its lifetime', async () => {
    expect(await lifeOf(30_000, now() + 300)).toBeLessThanOrEqual(30_000);
  });

  it('remembers no longer than the token lives', async () => {
    expect(await lifeOf(30_000, now() + 5)).toBeLessThanOrEqual(5_000);
  });

  it('does not hold the token', async () => {
    const introspector = createIntrospector();
    await introspector.introspect(TOKEN, targetIn(zone));
    const held = inspect(introspector, { depth: Infinity, showHidden: true });
    expect(held).not.toContain(TOKEN);
  });
});
