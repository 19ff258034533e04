import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ExchangeCache,
  type ExchangeCacheOptions,
} from '../../lib/delegation/exchange-cache.js';
import { GrantedToken } from '../../lib/delegation/granted-token.js';

const LATER = Number.MAX_SAFE_INTEGER;

/** Counts what a cache exchanges. */
class Exchanges {
  count = 0;

  constructor(
    private readonly cache: ExchangeCache,
    private readonly expiresIn: number | undefined = 300,
  ) {}

  get(key = 'key', notAfter = LATER): Promise<GrantedToken> {
    return this.cache.get(key, notAfter, async () => {
      this.count += 1;
      const accessToken = `token-${this.count}`;
      const { expiresIn } = this;
      return new GrantedToken({
        accessToken,
        tokenType: 'bearer',
        ...(expiresIn !== undefined && { expiresIn }),
      });
    });
  }
}

/** Both clocks: of the day, and the one that caches measure time with. */
function stopTheClock(now: number) {
  vi.useFakeTimers({ toFake: ['Date'], now });
  const begin = performance.now();
  let passed = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => begin + passed);
  return {
    async advance(milliseconds: number): Promise<void> {
      passed += milliseconds;
      vi.setSystemTime(now + passed);
      // The cache looks at its clock once per millisecond.
      await wait(5);
    },
  };
}

function failAtOnce(): never {
  throw new Error('at once');
}

const exchangesWith = (
  options?: ExchangeCacheOptions | false,
  expiresIn?: number,
) => new Exchanges(new ExchangeCache(options), expiresIn);

describe('ExchangeCache', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('gives the same token for the same key, and another for another', async () => {
    const exchanges = exchangesWith();
    const first = await exchanges.get('a');
    expect(await exchanges.get('a')).toBe(first);
    expect(await exchanges.get('b')).not.toBe(first);
    expect(exchanges.count).toBe(2);
  });

  it.each([
    ['with a cache', {}],
    ['without', false],
  ] as const)('does concurrent exchanges once, %s', async (_case, options) => {
    const cache = new ExchangeCache(options);
    const exchanges = new Exchanges(cache);
    const tokens = Array.from({ length: 50 }, () => exchanges.get());
    expect(cache.pendingCount).toBe(1);
    const given = new Set(await Promise.all(tokens));
    expect(given.size).toBe(1);
    expect(exchanges.count).toBe(1);
    expect(cache.pendingCount).toBe(0);
  });

  it('keeps concurrent exchanges of different keys apart', async () => {
    const exchanges = exchangesWith();
    const keys = Array.from({ length: 20 }, (_none, index) => `key-${index}`);
    const tokens = await Promise.all(keys.map((key) => exchanges.get(key)));
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(20);
  });

  it.each<[string, ExchangeCacheOptions | false, number | undefined, number]>([
    ['nothing without a stated life', {}, -1, LATER],
    ['nothing when turned off', false, 300, LATER],
    ['nothing with a lifetime of zero', { lifetime: 0 }, 300, LATER],
    ['nothing that is about to expire', {}, 10, LATER],
    [
      'nothing that expires within the skew',
      { expirySkew: 300_000 },
      300,
      LATER,
    ],
    ['nothing for a caller whose token has expired', {}, 300, 0],
    ['nothing that never was good', {}, 0, LATER],
  ])('remembers %s', async (_case, options, life, notAfter) => {
    const cache = new ExchangeCache(options);
    const exchanges = new Exchanges(cache, life);
    if (life === -1) Object.assign(exchanges, { expiresIn: undefined });
    await exchanges.get('key', notAfter);
    await exchanges.get('key', notAfter);
    expect(exchanges.count).toBe(2);
  });

  it.each<[string, ExchangeCacheOptions, number, number, number]>([
    ['its lifetime', {}, 3600, LATER, 60_000],
    ['a lifetime of its own', { lifetime: 5_000 }, 3600, LATER, 5_000],
    ['the life of the token, less the skew', {}, 40, LATER, 30_000],
    ['a skew of its own', { expirySkew: 1_000 }, 40, LATER, 39_000],
    ['the life of the caller’s token', {}, 3600, 1_800_000_020_000, 20_000],
  ])('remembers for %s', async (_case, options, life, notAfter, expected) => {
    const clock = stopTheClock(1_800_000_000_000);
    const exchanges = exchangesWith(options, life);
    await exchanges.get('key', notAfter);
    await clock.advance(expected - 10);
    await exchanges.get('key', notAfter);
    expect(exchanges.count).toBe(1);
    await clock.advance(20);
    await exchanges.get('key', notAfter);
    expect(exchanges.count).toBe(2);
  });

  it.each<[string, number, number, number]>([
    ['the token', 40, LATER, 31_000],
    ['the caller’s token', 3600, 1_800_000_020_000, 21_000],
  ])(
    'notices that %s expired while the machine slept',
    async (_case, life, notAfter, passed) => {
      const start = 1_800_000_000_000;
      vi.useFakeTimers({ toFake: ['Date'], now: start });
      const exchanges = exchangesWith({}, life);
      await exchanges.get('key', notAfter);
      vi.setSystemTime(start + passed);
      await exchanges.get('key', notAfter);
      expect(exchanges.count).toBe(2);
    },
  );

  it('does not remember a failure, but shares it', async () => {
    const cache = new ExchangeCache();
    let count = 0;
    const fail = () => {
      count += 1;
      return Promise.reject(new Error('refused'));
    };
    const outcomes = await Promise.allSettled([
      cache.get('key', LATER, fail),
      cache.get('key', LATER, fail),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect(count).toBe(1);
    expect(cache.pendingCount).toBe(0);
    const exchanges = new Exchanges(cache);
    await expect(exchanges.get()).resolves.toBeInstanceOf(GrantedToken);
    expect(exchanges.count).toBe(1);
  });

  it('survives an exchange that throws at once', async () => {
    const cache = new ExchangeCache();
    await expect(cache.get('key', LATER, failAtOnce)).rejects.toThrow(
      'at once',
    );
    expect(cache.pendingCount).toBe(0);
  });

  it('is bounded, and forgets what was used least recently', async () => {
    const exchanges = exchangesWith({ maxTokens: 2 });
    await exchanges.get('a');
    await exchanges.get('b');
    await exchanges.get('a');
    await exchanges.get('c');
    await exchanges.get('a');
    expect(exchanges.count).toBe(3);
    await exchanges.get('b');
    expect(exchanges.count).toBe(4);
  });

  it('does not confuse an exchange under way with a later one', async () => {
    const exchanges = exchangesWith(false);
    await exchanges.get();
    await wait(1);
    await exchanges.get();
    expect(exchanges.count).toBe(2);
  });
});
