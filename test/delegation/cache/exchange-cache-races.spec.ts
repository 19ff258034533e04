import { describe, expect, it } from 'vitest';
import { SharedTokenStore } from '../../../lib/delegation/cache/shared-token-store.js';
import type { SharedStore } from '../../../lib/replicas/shared-store.interface.js';
import { ExchangeCache } from '../../../lib/delegation/exchange-cache.js';
import { GrantedToken } from '../../../lib/delegation/granted-token.js';
import { OAuthProtocolError } from '../../../lib/oauth/errors/oauth-protocol.error.js';
import { RecordingLogger } from '../../support/boot.js';

const LATER = Number.MAX_SAFE_INTEGER;
const SECRET = 'a-secret-of-at-least-32-characters!';

const tokenOf = (accessToken: string, expiresIn = 300) =>
  new GrantedToken({ accessToken, tokenType: 'bearer', expiresIn });

/** An exchange that ends when it is told to. */
class Controlled {
  readonly signals: AbortSignal[] = [];
  private readonly ends: ((outcome: GrantedToken | Error) => void)[] = [];

  readonly run = (signal: AbortSignal): Promise<GrantedToken> => {
    this.signals.push(signal);
    return new Promise((resolve, reject) => {
      this.ends.push((outcome) =>
        outcome instanceof Error ? reject(outcome) : resolve(outcome),
      );
    });
  };

  /** Waits until there is one, as it begins a moment later. */
  async end(outcome: GrantedToken | Error): Promise<void> {
    while (this.ends.length === 0) await nextTurn();
    this.ends.shift()!(outcome);
  }

  async begun(count = 1): Promise<void> {
    while (this.signals.length < count) await nextTurn();
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

async function waitUntil(time: number): Promise<void> {
  while (Date.now() <= time) await nextTurn();
}

/** A store whose every operation can be made to wait. */
class FakeStore implements SharedStore {
  readonly values = new Map<string, string>();
  readonly ttls: number[] = [];
  gate: Promise<unknown> = Promise.resolve();

  async get(key: string): Promise<unknown> {
    await this.gate;
    return this.values.get(key);
  }

  async set(key: string, value: string, ttl: number): Promise<unknown> {
    await this.gate;
    this.ttls.push(ttl);
    return this.values.set(key, value);
  }

  async delete(key: string): Promise<unknown> {
    return this.values.delete(key);
  }
}

function deferred() {
  let release: () => void;
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release: release! };
}

const sharedOver = (store: SharedStore, logger = new RecordingLogger()) =>
  new SharedTokenStore({ store, secret: SECRET, timeout: 5_000 }, logger);

describe('a cancelled wait', () => {
  it('leaves the exchange to those who still wait', async () => {
    const [cache, exchange] = [new ExchangeCache(), new Controlled()];
    const [one, other] = [new AbortController(), new AbortController()];
    const first = cache.get('key', LATER, exchange.run, { signal: one.signal });
    const second = cache.get('key', LATER, exchange.run, {
      signal: other.signal,
    });
    one.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await exchange.begun();
    expect(exchange.signals[0]!.aborted).toBe(false);
    await exchange.end(tokenOf('token'));
    expect((await second).accessToken).toBe('token');
    expect(exchange.signals).toHaveLength(1);
  });

  it('gives the exchange up when it was the last', async () => {
    const [cache, exchange] = [new ExchangeCache(), new Controlled()];
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) =>
      cache.get('key', LATER, exchange.run, { signal }),
    );
    await exchange.begun();
    for (const controller of controllers) controller.abort(new Error('gone'));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect(exchange.signals[0]!.aborted).toBe(true);
    await exchange.end(new Error('gone'));
  });

  it('never gives up for one who cannot be cancelled', async () => {
    const [cache, exchange] = [new ExchangeCache(), new Controlled()];
    const controller = new AbortController();
    const patient = cache.get('key', LATER, exchange.run);
    const { signal } = controller;
    const hasty = cache.get('key', LATER, exchange.run, { signal });
    controller.abort(new Error('gone'));
    await expect(hasty).rejects.toThrow('gone');
    await exchange.begun();
    expect(exchange.signals[0]!.aborted).toBe(false);
    await exchange.end(tokenOf('token'));
    await expect(patient).resolves.toBeInstanceOf(GrantedToken);
  });

  it('does not cancel who comes after it was given up', async () => {
    const gate = deferred();
    const store = new FakeStore();
    store.gate = gate.promise;
    const cache = new ExchangeCache({}, sharedOver(store));
    const exchange = new Controlled();
    const controller = new AbortController();
    const { signal } = controller;
    const gone = cache.get('key', LATER, exchange.run, { signal });
    controller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    // The first is still waiting for the store.
    const next = cache.get('key', LATER, exchange.run);
    gate.release();
    await exchange.end(tokenOf('token'));
    expect((await next).accessToken).toBe('token');
    expect(exchange.signals).toHaveLength(1);
    expect(exchange.signals[0]!.aborted).toBe(false);
  });

  it('asks for nothing when it was cancelled before', async () => {
    const [cache, exchange] = [new ExchangeCache(), new Controlled()];
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(
      cache.get('key', LATER, exchange.run, { signal }),
    ).rejects.toThrow('gone');
    expect(cache.pendingCount).toBe(0);
  });
});

describe('an invalidation during an exchange', () => {
  it('lets those who wait have the token, and remembers nothing', async () => {
    const [cache, exchange] = [new ExchangeCache(), new Controlled()];
    const waiting = cache.get('key', LATER, exchange.run);
    await exchange.begun();
    await cache.invalidate('key');
    const next = cache.get('key', LATER, exchange.run);
    await exchange.begun(2);
    await exchange.end(tokenOf('old'));
    await exchange.end(tokenOf('new'));
    expect((await waiting).accessToken).toBe('old');
    expect((await next).accessToken).toBe('new');
    const later = await cache.get('key', LATER, exchange.run);
    expect(later.accessToken).toBe('new');
  });

  it('remembers no refusal either', async () => {
    const [cache, exchange] = [new ExchangeCache(), new Controlled()];
    const waiting = cache.get('key', LATER, exchange.run);
    await exchange.begun();
    await cache.invalidate('key');
    await exchange.end(
      new OAuthProtocolError({ error: 'access_denied', status: 400 }),
    );
    await expect(waiting).rejects.toThrow('access_denied');
    const next = cache.get('key', LATER, exchange.run);
    await exchange.end(tokenOf('token'));
    await expect(next).resolves.toBeInstanceOf(GrantedToken);
  });

  it('does not take what the shared cache had before', async () => {
    const store = new FakeStore();
    const shared = sharedOver(store);
    await shared.set('key', tokenOf('stale'), 60_000);
    const gate = deferred();
    store.gate = gate.promise;
    const sealed = store.values.get('key')!;
    const cache = new ExchangeCache({}, shared);
    const exchange = new Controlled();
    const waiting = cache.get('key', LATER, exchange.run);
    await cache.invalidate('key');
    // Read before it was deleted, answered after.
    store.values.set('key', sealed);
    gate.release();
    await exchange.end(tokenOf('new'));
    expect((await waiting).accessToken).toBe('new');
  });

  it('leaves nothing in the shared cache that is written late', async () => {
    const store = new FakeStore();
    const cache = new ExchangeCache({}, sharedOver(store));
    const exchange = new Controlled();
    const waiting = cache.get('key', LATER, exchange.run);
    await exchange.begun();
    const gate = deferred();
    store.gate = gate.promise;
    await exchange.end(tokenOf('token'));
    await nextTurn();
    await cache.invalidate('key');
    gate.release();
    await waiting;
    expect(store.values.size).toBe(0);
    const next = cache.get('key', LATER, exchange.run);
    await exchange.end(tokenOf('new'));
    expect((await next).accessToken).toBe('new');
  });

  it('of an owner reaches what is under way for the owner only', async () => {
    const [cache, exchange] = [new ExchangeCache(), new Controlled()];
    const keys = ['a', 'b', 'c'];
    const owners = ['ada', 'bob', undefined];
    const waiting = keys.map((key, index) =>
      cache.get(key, LATER, exchange.run, { owner: owners[index] }),
    );
    await exchange.begun(3);
    await cache.invalidateAll('ada');
    for (const key of keys) await exchange.end(tokenOf(key));
    await Promise.all(waiting);
    const outcomes: string[] = [];
    const onOutcome = (outcome: string) => outcomes.push(outcome);
    for (const key of keys) {
      await cache.get(key, LATER, async () => tokenOf('new'), { onOutcome });
    }
    expect(outcomes).toEqual(['miss', 'hit', 'hit']);
  });
});

describe('a token that was refused', () => {
  it('is not given again, from no level', async () => {
    const store = new FakeStore();
    const [one, other] = [0, 1].map(
      () => new ExchangeCache({}, sharedOver(store)),
    );
    const refused = await one!.get('key', LATER, async () => tokenOf('bad'));
    await other!.get('key', LATER, async () => tokenOf('unused'));
    const renewed = await one!.get('key', LATER, async () => tokenOf('good'), {
      refused,
    });
    expect(renewed.accessToken).toBe('good');
    // The other replica finds the good one where the bad one was.
    const found = await other!.get('key', LATER, async () => tokenOf('third'), {
      refused,
    });
    expect(found.accessToken).toBe('good');
  });

  it('is exchanged once for all who were refused', async () => {
    const [cache, exchange] = [new ExchangeCache(), new Controlled()];
    const refused = await cache.get('key', LATER, async () => tokenOf('bad'));
    const waiting = Array.from({ length: 20 }, () =>
      cache.get('key', LATER, exchange.run, { refused }),
    );
    await exchange.end(tokenOf('good'));
    await Promise.all(waiting);
    const late = await cache.get('key', LATER, exchange.run, { refused });
    expect(late.accessToken).toBe('good');
    expect(exchange.signals).toHaveLength(1);
  });

  it('is not accepted from somebody else’s look into the shared cache', async () => {
    const store = new FakeStore();
    const shared = sharedOver(store);
    const refused = tokenOf('bad');
    await shared.set('key', refused, 60_000);
    const gate = deferred();
    store.gate = gate.promise;
    const cache = new ExchangeCache({}, shared);
    const innocent = cache.get('key', LATER, async () => tokenOf('unused'));
    const renewed = cache.get('key', LATER, async () => tokenOf('good'), {
      refused,
    });
    gate.release();
    expect((await innocent).accessToken).toBe('bad');
    expect((await renewed).accessToken).toBe('good');
  });

  it('leaves the shared cache when there is nothing to put there', async () => {
    const store = new FakeStore();
    const cache = new ExchangeCache({}, sharedOver(store));
    const refused = await cache.get('key', LATER, async () => tokenOf('bad'));
    expect(store.values.size).toBe(1);
    await cache.get('key', LATER, async () => tokenOf('vaulted', 0), {
      refused,
    });
    expect(store.values.size).toBe(0);
  });
});

describe('the second level', () => {
  it('does not lengthen the life of a token', async () => {
    const store = new FakeStore();
    const shared = sharedOver(store);
    const writer = new ExchangeCache({ lifetime: 40 }, shared);
    await writer.get('key', LATER, async () => tokenOf('first'));
    expect(store.ttls[0]).toBeLessThanOrEqual(40);
    // A store that forgets nothing, and a reader that may keep for longer.
    const reader = new ExchangeCache({ lifetime: 60_000 }, shared);
    await waitUntil((await shared.get('key'))?.until ?? 0);
    const later = await reader.get('key', LATER, async () => tokenOf('second'));
    expect(later.accessToken).toBe('second');
  });

  it('keeps nothing that has no stated life', async () => {
    const store = new FakeStore();
    const cache = new ExchangeCache({}, sharedOver(store));
    await cache.get('key', LATER, async () => tokenOf('token', 0));
    expect(store.values.size).toBe(0);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['rejects', () => Promise.reject(new Error('redis://:password@host'))],
    [
      'throws',
      () => {
        throw new TypeError('redis://:password@host');
      },
    ],
    ['rejects with nothing', () => Promise.reject()],
    ['never answers', () => new Promise(() => undefined)],
  ])('costs an exchange when the store %s', async (_case, use) => {
    const logger = new RecordingLogger();
    const store = { get: use, set: use, delete: use };
    const shared = new SharedTokenStore(
      { store, secret: SECRET, timeout: 5 },
      logger,
    );
    const cache = new ExchangeCache({}, shared);
    const token = await cache.get('key', LATER, async () => tokenOf('token'));
    expect(token.accessToken).toBe('token');
    await cache.invalidate('key');
    expect(logger.lines).toHaveLength(1);
    expect(logger.text).not.toContain('password');
  });

  it('listens to the errors of its store', () => {
    const logger = new RecordingLogger();
    const listeners: ((error: unknown) => void)[] = [];
    const store = Object.assign(new FakeStore(), {
      on: (_event: string, listener: (error: unknown) => void) =>
        listeners.push(listener),
    });
    sharedOver(store, logger);
    for (const listener of listeners) listener(new Error('with a password'));
    expect(listeners).toHaveLength(1);
    expect(logger.lines).toHaveLength(1);
    expect(logger.text).not.toContain('password');
  });

  it.each([[''], ['short'], [[]], [[SECRET, 'short']]])(
    'refuses %o for a secret',
    (secret) => {
      expect(
        () =>
          new SharedTokenStore(
            { store: new FakeStore(), secret },
            new RecordingLogger(),
          ),
      ).toThrow('32 characters');
    },
  );
});
