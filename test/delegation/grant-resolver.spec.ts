import type { ExecutionContext } from '@nestjs/common';
import { Grant, type AccessContext, type Principal } from 'nestjs-keycard';
import type { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveGrants } from '../../lib/delegation/grant-resolver.js';
import { ExchangeInputError } from '../../lib/delegation/exchange-input.error.js';
import { grantsOf } from '../../lib/delegation/grant.decorator.js';
import type {
  GrantOptions,
  GrantResources,
} from '../../lib/delegation/grant.interface.js';
import {
  CALENDAR,
  DOCUMENTS,
  GRANT_TYPE,
  MAIL,
  principalOf,
  serviceWith,
  startZone,
  STATUS,
} from './support/exchange-world.js';

const INPUT = { user: 'usr_bob', resource: MAIL };
const CONTEXT = { getClass: () => 'Tools' } as unknown as ExecutionContext;

function declare(...grants: [GrantResources, GrantOptions?][]) {
  class Tools {
    run(_access: AccessContext) {}
  }
  const descriptor = Object.getOwnPropertyDescriptor(Tools.prototype, 'run')!;
  for (const [resources, options] of grants.toReversed()) {
    Grant(resources, options)(Tools.prototype, 'run', descriptor);
  }
  return grantsOf(descriptor.value as object);
}

describe('a declared grant', () => {
  let zone: LocalZone;
  let ada: Principal;
  let token: string;

  beforeAll(async () => {
    zone = await startZone();
    token = (await zone.login('usr_ada')).accessToken;
    ada = principalOf(zone.issuer, token);
  });
  beforeEach(() => {
    zone.clearScripts();
    zone.clearCalls();
  });
  afterAll(() => zone.stop());

  const run = (...grants: [GrantResources, GrantOptions?][]) =>
    serviceWith({ issuer: zone.issuer }).exchangeDeclared(
      ada,
      declare(...grants),
      { context: CONTEXT, input: INPUT },
    );
  const forms = () =>
    zone.calls.filter(({ kind }) => kind === 'token').map(({ form }) => form);
  const subjectOf = (access: AccessContext) =>
    JSON.parse(
      Buffer.from(
        access.access(CALENDAR).accessToken.split('.')[1]!,
        'base64url',
      ).toString(),
    ) as { sub: string };

  it.each<[string, GrantOptions['userIdentifier']]>([
    ['null', () => null],
    ['undefined', () => undefined],
    ['an empty text', () => ''],
    ['a blank text', () => ' \t\n'],
    ['null, later', async () => null],
    ['a number', () => 1 as never],
    ['an object', () => ({ toString: () => 'usr_bob' }) as never],
    [
      'an error',
      () => {
        throw new Error(`no user for ${token}`);
      },
    ],
    ['a rejection', () => Promise.reject(new Error(token))],
    [
      'a TypeError that is not ours',
      () => {
        throw new TypeError(`Failed to parse URL from ${token}`);
      },
    ],
    ['nothing thrown', () => Promise.reject()],
  ])(
    'whose userIdentifier answers %s is an error for all, and never the caller’s own',
    async (_case, userIdentifier) => {
      const access = await run([CALENDAR], [MAIL, { userIdentifier }]);
      expect(access.getStatus()).toBe('error');
      expect(access.getSuccessfulResources()).toEqual([]);
      expect(access.getError()).toMatchObject({
        message: expect.stringContaining('could not be determined'),
        retryable: false,
      });
      expect(() => access.access(CALENDAR)).toThrow('could not be determined');
      expect(JSON.stringify(access)).not.toContain(token);
      expect(forms()).toEqual([]);
    },
  );

  it.each<[string, GrantOptions['userIdentifier']]>([
    ['at once', () => 'user@example.com'],
    ['later', async () => 'user@example.com'],
    [
      'from the verified caller',
      ({ principal }) =>
        principal.subject === 'usr_ada' ? 'user@example.com' : null,
    ],
  ])('impersonates whom userIdentifier names %s', async (_case, name) => {
    const access = await run([CALENDAR, { userIdentifier: name }]);
    expect(subjectOf(access).sub).toBe('usr_ada');
    const [form] = forms();
    expect(form!['subject_token_type']).toContain('substitute-user');
    expect(form!['subject_token']).not.toBe(token);
  });

  it.each<[string, boolean | undefined, unknown]>([
    ['hides the input of a tool', undefined, undefined],
    ['hides it when told to', false, undefined],
    ['shows it when it is trusted', true, INPUT],
  ])('%s', async (_case, trustToolInput, expected) => {
    const seen: unknown[] = [];
    const options: GrantOptions = {
      ...(trustToolInput !== undefined && { trustToolInput }),
      userIdentifier: ({ input }) => {
        seen.push(input);
        return 'user@example.com';
      },
    };
    await run([
      ({ input }) => {
        seen.push(input);
        return CALENDAR;
      },
      options,
    ]);
    expect(seen).toEqual([expected, expected]);
  });

  it('lets no trust of one declaration reach another', async () => {
    const seen: unknown[] = [];
    await run(
      [CALENDAR, { trustToolInput: true }],
      [
        ({ input }) => {
          seen.push(input);
          return STATUS;
        },
      ],
    );
    expect(seen).toEqual([undefined]);
  });

  it('does not take the user of the input for the caller', async () => {
    const access = await run([
      CALENDAR,
      {
        userIdentifier: ({ input }) =>
          (input as typeof INPUT | undefined)?.user ?? null,
      },
    ]);
    expect(access.getStatus()).toBe('error');
    expect(forms()).toEqual([]);
  });

  it.each<[string, GrantResources, string[]]>([
    ['a text', CALENDAR, [CALENDAR]],
    ['a list', [CALENDAR, STATUS], [CALENDAR, STATUS]],
    ['a function', () => CALENDAR, [CALENDAR]],
    ['a function of a list', () => [STATUS, CALENDAR], [STATUS, CALENDAR]],
    ['a promise', async () => [CALENDAR], [CALENDAR]],
    [
      'a function of the call',
      ({ principal, context }) =>
        principal.subject === 'usr_ada' && context === CONTEXT ? STATUS : '',
      [STATUS],
    ],
  ])('takes resources as %s', async (_case, resources, expected) => {
    const access = await run([resources]);
    expect(access.getStatus()).toBe('success');
    expect(access.getSuccessfulResources()).toEqual(expected);
  });

  it.each<[string, GrantResources]>([
    ['nothing', () => []],
    ['a blank', () => ' '],
    ['a hole', () => [CALENDAR, undefined as never]],
    ['undefined', () => undefined as never],
    ['an object', () => ({ every: () => true, length: 1 }) as never],
    [
      'an error',
      () => {
        throw new Error(token);
      },
    ],
  ])('whose resources are %s is an error for all', async (_case, resources) => {
    const access = await run([resources]);
    expect(access.getStatus()).toBe('error');
    expect(access.getError()).toMatchObject({ retryable: false });
    expect(JSON.stringify(access)).not.toContain(token);
    expect(forms()).toEqual([]);
  });

  it('asks as the application itself, and sends nothing of the caller', async () => {
    const access = await run([STATUS, { as: 'application' }]);
    expect(access.getStatus()).toBe('success');
    expect(forms()).toEqual([
      { grant_type: 'client_credentials', resource: STATUS },
    ]);
  });

  it.each<[string, () => unknown, string]>([
    ['text', () => 'actor-token', 'access_token'],
    ['promise', async () => ({ token: 'actor-token' }), 'access_token'],
    [
      'token with a type',
      () => ({
        token: 'actor-token',
        tokenType: 'urn:ietf:params:oauth:token-type:jwt',
      }),
      'jwt',
    ],
  ])('sends an actor given as a %s', async (_case, actorToken, type) => {
    zone.script('token', {
      status: 400,
      body: { error: 'invalid_request' },
    });
    await run([CALENDAR, { actorToken: actorToken as never }]);
    expect(forms()[0]).toMatchObject({
      subject_token: token,
      actor_token: 'actor-token',
      actor_token_type: `urn:ietf:params:oauth:token-type:${type}`,
    });
  });

  it.each([
    ['undefined', () => undefined],
    ['null', () => null],
    ['blank', () => ' '],
    ['a blank token', () => ({ token: '' })],
    ['no token', () => ({})],
    ['a rejection', () => Promise.reject(new Error('no actor'))],
  ])(
    'whose actor is %s does not do without the actor',
    async (_case, actorToken) => {
      const access = await run([CALENDAR, { actorToken: actorToken as never }]);
      expect(access.getStatus()).toBe('error');
      expect(forms()).toEqual([]);
    },
  );

  it('unites stacked grants into one exchange per resource', async () => {
    const access = await run(
      [CALENDAR, { requestScopes: 'events:write' }],
      [[STATUS, CALENDAR], { requestScopes: { [CALENDAR]: 'events:read' } }],
    );
    expect(access.getSuccessfulResources()).toEqual([CALENDAR, STATUS]);
    expect(access.access(CALENDAR).scopes).toEqual([
      'events:read',
      'events:write',
    ]);
    expect(zone.count('token', GRANT_TYPE)).toBe(2);
    expect(forms().map(({ scope }) => scope)).toEqual(
      expect.arrayContaining(['events:read events:write', undefined]),
    );
  });

  it.each<[string, [GrantResources, GrantOptions][]]>([
    [
      'caller and application',
      [
        [CALENDAR, {}],
        [CALENDAR, { as: 'application' }],
      ],
    ],
    [
      'caller and user',
      [
        [CALENDAR, { userIdentifier: () => 'usr_bob' }],
        [CALENDAR, {}],
      ],
    ],
    [
      'two users',
      [
        [CALENDAR, { userIdentifier: () => 'usr_bob' }],
        [CALENDAR, { userIdentifier: () => 'usr_ada' }],
      ],
    ],
    [
      'with and without an actor',
      [
        [CALENDAR, {}],
        [CALENDAR, { actorToken: () => 'actor' }],
      ],
    ],
    [
      'two audiences',
      [
        [CALENDAR, { audience: 'one' }],
        [CALENDAR, { audience: 'two' }],
      ],
    ],
  ])('contradicts itself: %s', async (_case, grants) => {
    const access = await run(...grants);
    expect(access.getStatus()).toBe('error');
    expect(access.getError()!.rawError).toMatch(/Choose one/);
    expect(forms()).toEqual([]);
  });

  it.each<[string, GrantOptions]>([
    [
      'application and user',
      { as: 'application', userIdentifier: () => 'usr_bob' },
    ],
    ['application and actor', { as: 'application', actorToken: () => 'a' }],
    [
      'user and actor',
      { userIdentifier: () => 'usr_bob', actorToken: () => 'a' },
    ],
    ['an unknown authority', { as: 'self' as never }],
  ])('is refused when declared: %s', (_case, options) => {
    expect(() => Grant(CALENDAR, options)).toThrow(ExchangeInputError);
  });

  it.each<[string, boolean | undefined, boolean | undefined, boolean]>([
    ['both can do without', true, true, true],
    ['one cannot', true, false, false],
    ['the other cannot', undefined, true, false],
  ])('is optional only if %s', async (_case, first, second, expected) => {
    const declarations = declare(
      [MAIL, { ...(first !== undefined && { optional: first }) }],
      [MAIL, { ...(second !== undefined && { optional: second }) }],
    );
    const call = { principal: ada, context: CONTEXT, input: undefined };
    const grants = await resolveGrants(declarations, call);
    const asked = grants.map(({ isOptional }) => isOptional);
    expect(asked).toEqual([expected]);
  });

  it('asks its functions in every call, however often it was resolved', async () => {
    const users = ['usr_ada', 'usr_bob'];
    let calls = 0;
    const declarations = declare(
      [CALENDAR],
      [MAIL, { userIdentifier: () => users[calls] }],
      [() => `${DOCUMENTS}/${calls}`],
    );
    const call = { principal: ada, context: CONTEXT, input: undefined };
    for (const identifier of users) {
      const grants = await resolveGrants(declarations, call);
      expect(grants).toMatchObject([
        { resource: CALENDAR, authority: { kind: 'caller' } },
        { resource: MAIL, authority: { kind: 'user', identifier } },
        { resource: `${DOCUMENTS}/${calls}`, authority: { kind: 'caller' } },
      ]);
      calls += 1;
    }
  });

  it.each<[string, GrantOptions, boolean]>([
    ['nothing', { requestScopes: 'mail' }, true],
    ['who it is for', { userIdentifier: () => 'usr_ada' }, false],
    ['who acts', { actorToken: () => 'a' }, false],
  ])(
    'is resolved anew unless it asks the call for nothing: %s',
    async (_what, options, isOnce) => {
      const declarations = declare([CALENDAR, options]);
      const call = { principal: ada, context: CONTEXT, input: undefined };
      const first = await resolveGrants(declarations, call);
      expect((await resolveGrants(declarations, call)) === first).toBe(isOnce);
    },
  );

  it('reports what an optional resource lacks, and goes on', async () => {
    const access = await run(
      [CALENDAR],
      [[MAIL, DOCUMENTS], { optional: true }],
    );
    expect(access.getSuccessfulResources()).toEqual([CALENDAR]);
    expect(access.getFailedResources()).toEqual([MAIL, DOCUMENTS]);
  });
});
