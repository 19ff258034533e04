import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  identityOf,
  subjectTokenOf,
  type Principal,
} from '../../lib/verification/principal.js';
import {
  bindPrincipal,
  principalOfRequest,
} from '../../lib/verification/request-principal.js';
import { VerificationWorld } from '../support/verification-world.js';

let world: VerificationWorld;
let token: string;
let principal: Principal;
beforeAll(async () => {
  world = await VerificationWorld.start();
  token = world.token({ scope: 'a b', roles: { api: ['reader'] } });
  principal = await world.verifier().verify(token, world.target());
});
afterAll(() => world.zone.stop());

const copyOf = (value: object): object => Object.assign({}, value);

describe('Principal', () => {
  it.each<[string, () => string]>([
    ['JSON', () => JSON.stringify(principal)],
    ['inspect', () => inspect(principal, { depth: 9, showHidden: true })],
    ['its members', () => Reflect.ownKeys(principal).map(String).join()],
    ['a copy', () => inspect(copyOf(principal), { depth: 9 })],
    [
      'a clone',
      () => inspect(structuredClone(copyOf(principal)), { depth: 9 }),
    ],
  ])('does not show its token: %s', (_case, show) => {
    const signature = token.split('.')[2]!;
    expect(show()).not.toContain(signature);
    expect(show()).not.toMatch(/token/i);
  });

  it('has the token beside it', () => {
    expect(subjectTokenOf(principal)).toBe(token);
    expect(subjectTokenOf(copyOf(principal) as Principal)).toBeUndefined();
  });

  it('cannot be changed, at any depth: others share it', () => {
    const roles = principal.claims.roles as { api: string[] };
    const changes: (() => unknown)[] = [
      () => Object.assign(principal, { subject: 'admin' }),
      () => Object.assign(principal, { extra: 1 }),
      () => (principal.scopes as string[]).push('admin'),
      () => (principal.audience as string[]).push('x'),
      () => Object.assign(principal.claims, { sub: 'admin' }),
      () => roles.api.push('admin'),
      () => Object.assign(roles, { other: [] }),
    ];
    for (const change of changes) expect(change).toThrow(TypeError);
    expect(principal.hasScopes('admin')).toBe(false);
  });

  it.each<[readonly string[], boolean]>([
    [[], true],
    [['a'], true],
    [['b', 'a'], true],
    [['c'], false],
    [['a', 'c'], false],
    [['a b'], false],
    [['A'], false],
    [[''], false],
  ])('has the scopes %j: %s', (scopes, expected) => {
    expect(principal.hasScopes(...scopes)).toBe(expected);
  });

  it('has an identity that tells callers apart', async () => {
    const verifier = world.verifier();
    const identity = async (claims: Record<string, unknown>) =>
      identityOf(await verifier.verify(world.token(claims), world.target()));
    expect(await identity({ jti: 'other' })).toBe(identityOf(principal));
    const others = await Promise.all([
      identity({ sub: 'x' }),
      identity({ client_id: 'x' }),
      identity({ sub: 'a","b', client_id: 'c' }),
      identity({ sub: 'a', client_id: 'b","c' }),
    ]);
    expect(new Set([...others, identityOf(principal)]).size).toBe(5);
  });
});

describe('the principal of a request', () => {
  it('is the one it was bound to, whatever the request says', () => {
    const request = { user: principal, auth: principal, principal };
    expect(principalOfRequest(request)).toBeUndefined();
    bindPrincipal(request, principal);
    expect(principalOfRequest(request)).toBe(principal);
    expect(principalOfRequest({ ...request })).toBeUndefined();
  });

  it.each([undefined, null, 'request', 1])('%s has none', (request) => {
    expect(principalOfRequest(request)).toBeUndefined();
  });
});
