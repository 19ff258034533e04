import { describe, expect, it } from 'vitest';
import { SharedTokenStore } from '../../../lib/delegation/cache/shared-token-store.js';
import type { SharedStore } from '../../../lib/replicas/shared-store.interface.js';
import { ExchangeCache } from '../../../lib/delegation/exchange-cache.js';
import {
  exchangeKeyOf,
  type ExchangeIdentity,
} from '../../../lib/delegation/exchange-key.js';
import { GrantedToken } from '../../../lib/delegation/granted-token.js';
import { RecordingLogger } from '../../support/boot.js';

const LATER = Number.MAX_SAFE_INTEGER;
const SECRETS = ['one', 'two', 'three'].map((name) => name.padEnd(40, '.'));

type Below = (length: number) => number;

/** Reproducible: a failure names the seed. */
function randomsFrom(seed: number): Below {
  let state = seed;
  return (length) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * length);
  };
}

function randomIdentity(below: Below): ExchangeIdentity {
  const pick = <T>(...values: T[]): T => values[below(values.length)]!;
  const user = pick('ada', 'bob', 'ada,bob');
  const authority = pick<ExchangeIdentity['authority']>(
    { kind: 'caller' },
    { kind: 'caller', actor: { token: pick('agent', 'bot') } },
    { kind: 'user', identifier: user },
    { kind: 'application' },
  );
  const zoneId = pick(undefined, 'acme', 'globex');
  const audience = pick(undefined, 'api');
  return {
    issuer: pick('https://a.test', 'https://b.test'),
    clientId: pick('one', 'two'),
    ...(zoneId && { zoneId }),
    ...(authority!.kind === 'caller' && { subjectToken: user }),
    resource: pick('https://x.test', 'https://x.test/', 'https://y.test'),
    ...(audience && { audience }),
    scopes: pick([], ['a'], ['a', 'b'], ['b', 'a'], ['a b']),
    authority,
  };
}

/** All that a token is for, written another way than the key. */
function nameOf(identity: ExchangeIdentity): string {
  const authority = identity.authority!;
  return [
    identity.issuer,
    identity.clientId,
    identity.zoneId,
    identity.resource,
    identity.audience,
    identity.subjectToken,
    [...(identity.scopes ?? [])].sort().map((scope) => `<${scope}>`),
    authority.kind,
    authority.kind === 'user' && authority.identifier,
    authority.kind === 'caller' && authority.actor?.token,
  ]
    .map((part) => `[${String(part)}]`)
    .join('');
}

/** Answers in any order, forgets at will. */
class RestlessStore implements SharedStore {
  readonly values = new Map<string, string>();

  constructor(private readonly below: Below) {}

  async get(key: string): Promise<unknown> {
    await this.pause();
    return this.values.get(key);
  }

  async set(key: string, value: string): Promise<unknown> {
    await this.pause();
    return this.values.set(key, value);
  }

  async delete(key: string): Promise<unknown> {
    await this.pause();
    return this.values.delete(key);
  }

  /** What somebody would do who may write to the store. */
  swap(): void {
    const keys = [...this.values.keys()];
    if (keys.length < 2) return;
    const [one, other] = [keys[this.below(keys.length)]!, keys[0]!];
    const [first, second] = [this.values.get(one)!, this.values.get(other)!];
    this.values.set(one, second);
    this.values.set(other, first);
  }

  async pause(): Promise<void> {
    for (let turns = this.below(4); turns > 0; turns--) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe('a token in the cache', () => {
  it.each([11, 12, 13, 14, 15, 16])(
    'is never served for anything else than it was issued for (seed %i)',
    async (seed) => {
      const below = randomsFrom(seed);
      const store = new RestlessStore(below);
      const replicaWith = (secrets: readonly string[]) =>
        new ExchangeCache(
          { maxTokens: 20 },
          new SharedTokenStore(
            { store, secret: secrets, timeout: 5_000 },
            new RecordingLogger(),
          ),
        );
      // Secrets are replaced one replica after the other.
      let replicas = [replicaWith([SECRETS[0]!]), replicaWith([SECRETS[0]!])];
      const outcomes: Record<string, number> = {};
      let issued = 0;

      async function ask(): Promise<void> {
        const identity = randomIdentity(below);
        const name = nameOf(identity);
        const key = exchangeKeyOf(identity);
        const cache = replicas[below(replicas.length)]!;
        const owner = identity.subjectToken;
        switch (below(20)) {
          case 0:
            return cache.invalidate(key);
          case 1:
            return cache.invalidateAll(owner ?? 'ada');
          case 2:
            return store.swap();
        }
        const controller = new AbortController();
        const token = cache.get(
          key,
          LATER,
          async () => {
            await store.pause();
            issued += 1;
            return new GrantedToken({
              accessToken: `${name}#${issued}`,
              tokenType: 'bearer',
              expiresIn: 300,
            });
          },
          {
            owner,
            signal: controller.signal,
            onOutcome: (outcome) => {
              outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
            },
          },
        );
        const isCancelled = below(10) === 0;
        if (isCancelled) controller.abort(new Error('given up'));
        const [outcome] = await Promise.allSettled([token]);
        if (outcome.status === 'rejected') {
          expect([isCancelled, String(outcome.reason)]).toEqual([
            true,
            'Error: given up',
          ]);
          return;
        }
        const { accessToken } = outcome.value;
        expect(accessToken.slice(0, accessToken.lastIndexOf('#'))).toBe(name);
      }

      for (let round = 0; round < 60; round++) {
        if (round === 20) {
          replicas = [replicas[0]!, replicaWith([SECRETS[1]!, SECRETS[0]!])];
        }
        if (round === 40) {
          replicas = [
            replicaWith([SECRETS[2]!, SECRETS[1]!]),
            replicaWith([SECRETS[2]!]),
          ];
        }
        await Promise.all(Array.from({ length: 40 }, ask));
      }
      // Every way to a token was taken, or nothing was shown.
      expect(outcomes['hit']).toBeGreaterThan(10);
      expect(outcomes['shared_hit']).toBeGreaterThan(10);
      expect(outcomes['miss']).toBeGreaterThan(10);
    },
  );
});
