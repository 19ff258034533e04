import { describe, expect, it } from 'vitest';
import {
  exchangeKeyOf,
  type ExchangeIdentity,
} from '../../lib/delegation/exchange-key.js';
import type { Authority } from '../../lib/delegation/resource-grant.interface.js';

const BASE = {
  issuer: 'https://zone.example.test',
  clientId: 'client',
  subjectToken: 'token',
  resource: 'https://api.example.test',
  scopes: ['a', 'b'],
} satisfies ExchangeIdentity;

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

type Below = (length: number) => number;

function randomAuthority(below: Below): Authority | undefined {
  const part = () => PARTS[below(PARTS.length)]!;
  switch (below(5)) {
    case 0:
      return undefined;
    case 1:
      return { kind: 'application' };
    case 2:
      return { kind: 'user', identifier: part() };
    case 3:
      return { kind: 'caller' };
    default:
      return {
        kind: 'caller',
        actor: {
          token: part(),
          ...(below(2) === 0 && { tokenType: part() }),
        },
      };
  }
}

function randomIdentity(below: Below) {
  const part = () => PARTS[below(PARTS.length)]!;
  const maybe = () => (below(2) === 0 ? undefined : part());
  return {
    issuer: part(),
    clientId: part(),
    zoneId: maybe(),
    subjectToken: maybe(),
    resource: part(),
    audience: maybe(),
    scopes: Array.from({ length: below(4) }, part),
    authority: randomAuthority(below),
  } satisfies ExchangeIdentity;
}

type RandomIdentity = ReturnType<typeof randomIdentity>;

/** Written another way than the key: members by name, scopes as a bag. */
function isSame(one: RandomIdentity, other: RandomIdentity): boolean {
  const bag = [...other.scopes];
  for (const scope of one.scopes) {
    const index = bag.indexOf(scope);
    if (index < 0) return false;
    bag.splice(index, 1);
  }
  const [first, second] = [one, other].map(
    ({ authority }) => authority ?? ({ kind: 'caller' } as const),
  );
  const memberOf = (authority: Authority, ...path: string[]) =>
    path.reduce<unknown>(
      (value, name) => (value as Record<string, unknown> | undefined)?.[name],
      authority,
    );
  return (
    bag.length === 0 &&
    one.issuer === other.issuer &&
    one.clientId === other.clientId &&
    one.zoneId === other.zoneId &&
    one.subjectToken === other.subjectToken &&
    one.audience === other.audience &&
    one.resource === other.resource &&
    first!.kind === second!.kind &&
    memberOf(first!, 'identifier') === memberOf(second!, 'identifier') &&
    memberOf(first!, 'actor', 'token') ===
      memberOf(second!, 'actor', 'token') &&
    memberOf(first!, 'actor', 'tokenType') ===
      memberOf(second!, 'actor', 'tokenType')
  );
}

describe('the key of an exchange', () => {
  it.each([1, 2, 3, 4, 5])(
    'is equal for equal exchanges only (seed %i)',
    (seed) => {
      const below = randomsFrom(seed);
      const known = new Map<string, RandomIdentity>();
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
    ['audience', { audience: 'calendar' }],
    ['application', { authority: { kind: 'application' } }],
    ['user', { authority: { kind: 'user', identifier: 'ada' } }],
    ['actor', { authority: { kind: 'caller', actor: { token: 'actor' } } }],
  ])('differs with the %s', (_member, change) => {
    expect(exchangeKeyOf({ ...BASE, ...change })).not.toBe(exchangeKeyOf(BASE));
  });

  it.each<[string, Authority, Authority]>([
    [
      'users',
      { kind: 'user', identifier: 'ada' },
      { kind: 'user', identifier: 'bob' },
    ],
    [
      'actors',
      { kind: 'caller', actor: { token: 'one' } },
      { kind: 'caller', actor: { token: 'two' } },
    ],
    [
      'types of actors',
      { kind: 'caller', actor: { token: 'one' } },
      { kind: 'caller', actor: { token: 'one', tokenType: 'urn:x' } },
    ],
  ])('tells %s apart', (_case, authority, other) => {
    expect(exchangeKeyOf({ ...BASE, authority })).not.toBe(
      exchangeKeyOf({ ...BASE, authority: other }),
    );
  });

  it('takes no authority for the caller', () => {
    const authority = { kind: 'caller' } as const;
    expect(exchangeKeyOf({ ...BASE, authority })).toBe(exchangeKeyOf(BASE));
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
