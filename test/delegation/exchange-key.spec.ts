import { describe, expect, it } from 'vitest';
import {
  exchangeKeyOf,
  type ExchangeIdentity,
} from '../../lib/delegation/exchange-key.js';

const BASE: ExchangeIdentity = {
  issuer: 'https://zone.example.test',
  clientId: 'client',
  subjectToken: 'token',
  resource: 'https://api.example.test',
  scopes: ['a', 'b'],
};

/** Small values full of what could be mistaken for a separator. */
const PARTS = ['', 'a', 'b', 'ab', 'a b', '"', ',', '","', 'null', '[]', '\0'];

/** Reproducible: a failure names the seed. */
function randomsFrom(seed: number): (length: number) => number {
  let state = seed;
  return (length) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * length);
  };
}

function randomIdentity(below: (length: number) => number): ExchangeIdentity {
  const part = () => PARTS[below(PARTS.length)]!;
  const zoneId = below(2) === 0 ? undefined : part();
  return {
    issuer: part(),
    clientId: part(),
    ...(zoneId !== undefined && { zoneId }),
    subjectToken: part(),
    resource: part(),
    scopes: Array.from({ length: below(4) }, part),
  };
}

/** Written another way than the key: members by name, scopes as a bag. */
function isSame(one: ExchangeIdentity, other: ExchangeIdentity): boolean {
  const bag = [...other.scopes];
  for (const scope of one.scopes) {
    const index = bag.indexOf(scope);
    if (index < 0) return false;
    bag.splice(index, 1);
  }
  return (
    bag.length === 0 &&
    one.issuer === other.issuer &&
    one.clientId === other.clientId &&
    one.zoneId === other.zoneId &&
    one.subjectToken === other.subjectToken &&
    one.resource === other.resource
  );
}

describe('the key of an exchange', () => {
  it.each([1, 2, 3, 4, 5])(
    'is equal for equal exchanges only (seed %i)',
    (seed) => {
      const below = randomsFrom(seed);
      const known = new Map<string, ExchangeIdentity>();
      for (let round = 0; round < 5_000; round++) {
        const identity = randomIdentity(below);
        const key = exchangeKeyOf(identity);
        const other = known.get(key);
        if (other) expect(isSame(identity, other)).toBe(true);
        known.set(key, identity);
        const shuffled = {
          ...identity,
          scopes: identity.scopes.toReversed(),
        };
        expect(exchangeKeyOf(shuffled)).toBe(key);
      }
      expect(known.size).toBeGreaterThan(4_000);
    },
  );

  it.each<[string, Partial<ExchangeIdentity>]>([
    ['issuer', { issuer: 'https://other.example.test' }],
    ['client', { clientId: 'other' }],
    ['zone', { zoneId: 'zone' }],
    ['caller’s token', { subjectToken: 'other' }],
    ['resource', { resource: 'https://api.example.test/' }],
    ['scopes', { scopes: ['a'] }],
    ['spelling of scopes', { scopes: ['a b'] }],
  ])('differs with the %s', (_member, change) => {
    expect(exchangeKeyOf({ ...BASE, ...change })).not.toBe(exchangeKeyOf(BASE));
  });

  it('does not hold the token', () => {
    expect(exchangeKeyOf({ ...BASE, subjectToken: 'secret' })).toMatch(
      /^[\w-]{43}$/,
    );
  });

  it('leaves the scopes as they are', () => {
    const scopes = Object.freeze(['b', 'a']);
    exchangeKeyOf({ ...BASE, scopes });
    expect(scopes).toEqual(['b', 'a']);
  });
});
