import { decodeJwt } from 'jose';
import { Principal, ResourceAccessError } from 'nestjs-keycard';
import type { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLocalPrincipal } from '../../lib/verification/local-principal.js';
import { ProtectedResource } from '../../lib/verification/protected-resource.js';
import {
  CALENDAR,
  GRANT_TYPE,
  MCP,
  serviceWith,
  startZone,
  STATUS,
} from './support/exchange-world.js';

describe('a caller on this machine', () => {
  let zone: LocalZone;

  beforeAll(async () => {
    zone = await startZone();
  });
  beforeEach(() => zone.clearCalls());
  afterAll(() => zone.stop());

  const caller = (userIdentifier?: string): Principal =>
    createLocalPrincipal({
      userIdentifier,
      scopes: [],
      target: new ProtectedResource({ identifier: MCP, path: '/mcp' }).in({
        issuer: zone.issuer,
      }),
    });
  const exchanges = () => zone.count('token', GRANT_TYPE);
  const service = () => serviceWith({ issuer: zone.issuer });

  it('shares no token with another', async () => {
    const exchange = service();
    const [ada, bob, again] = [
      await exchange.token(caller('usr_ada'), CALENDAR),
      await exchange.token(caller('usr_bob'), CALENDAR),
      await exchange.token(caller('usr_ada'), CALENDAR),
    ];
    const subjects = [ada, bob].map((one) => decodeJwt(one.accessToken).sub);
    expect(subjects).toEqual(['usr_ada', 'usr_bob']);
    expect(again.accessToken).toBe(ada.accessToken);
    expect(exchanges()).toBe(2);
  });

  it('is forgotten as others are', async () => {
    const exchange = service();
    await exchange.token(caller('usr_ada'), CALENDAR);
    await exchange.token(caller('usr_bob'), CALENDAR);
    await exchange.invalidateAll(caller('usr_ada'));
    await exchange.token(caller('usr_ada'), CALENDAR);
    await exchange.token(caller('usr_bob'), CALENDAR);
    expect(exchanges()).toBe(3);
    await exchange.invalidate(caller('usr_bob'), CALENDAR);
    await exchange.token(caller('usr_bob'), CALENDAR);
    expect(exchanges()).toBe(4);
  });

  it.each([
    ['nobody known', undefined, undefined, 'KEYCARD_USER_IDENTIFIER'],
    [
      'an actor',
      'usr_ada',
      { kind: 'caller', actor: { token: 'who-acts' } } as const,
      'actorToken',
    ],
  ])('has no token as %s', async (_case, user, authority, text) => {
    const grant = { resource: CALENDAR, ...(authority && { authority }) };
    const access = await service().exchange(caller(user), [
      grant,
      { resource: STATUS, authority: { kind: 'application' } },
    ]);
    expect(access.getResourceError(CALENDAR)?.message).toContain(text);
    expect(() => access.access(CALENDAR)).toThrow(ResourceAccessError);
    expect(() => access.access(CALENDAR)).toThrow(text);
    // The application's own authority needs no caller.
    expect(access.access(STATUS).accessToken).not.toBe('');
    expect(exchanges()).toBe(0);
  });

  it('is only the very one that was made here', async () => {
    const copy = Object.assign(
      Object.create(Principal.prototype) as Principal,
      caller('usr_ada'),
    );
    const access = await service().exchange(copy, [CALENDAR]);
    expect(access.hasResourceError(CALENDAR)).toBe(true);
    expect(exchanges()).toBe(0);
  });
});
