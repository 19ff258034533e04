import { decodeJwt } from 'jose';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from 'vitest';
import {
  GrantType,
  TokenType,
  type IssuedToken,
} from 'nestjs-keycard/local-zone';
import {
  ASSISTANT,
  CALENDAR,
  CLIENT_ID,
  MCP,
  now,
  OTHER,
  PAYROLL,
  startWorld,
  substituteUser,
  VAULT,
  WEATHER,
  type Answer,
  type Form,
  type World,
} from './world.js';

let world: World;
let userToken: string;
beforeAll(async () => {
  world = await startWorld();
  const login = await world.zone.login('usr_ada', { resource: MCP });
  userToken = login.accessToken;
});
afterEach(() => {
  world.zone.clearPolicies();
  expect(world.problems).toEqual([]);
});
afterAll(() => world.close());

const exchange = (form?: Form, headers?: Form) =>
  world.api.exchange(userToken, form, headers);

const impersonate = (identifier: unknown, form: Form = {}, headers?: Form) =>
  world.api.exchange(
    substituteUser(identifier),
    { subject_token_type: TokenType.SubstituteUser, ...form },
    headers,
  );

const asSelf = (resource: string) =>
  world.api.token(
    { grant_type: GrantType.ClientCredentials, resource },
    ASSISTANT,
  );

describe('a token exchange', () => {
  it('answers with a token for the resource', async () => {
    const { status, body } = await exchange();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 60,
      scope: 'forecast',
      issued_token_type: TokenType.AccessToken,
    });
    const claims = decodeJwt(body['access_token']);
    expect(claims).toEqual({
      iss: world.zone.issuer,
      sub: 'usr_ada',
      sub_profile: 'user',
      aud: WEATHER,
      client_id: CLIENT_ID,
      scope: 'forecast',
      jti: expect.any(String) as string,
      iat: expect.any(Number) as number,
      exp: (claims.iat ?? 0) + 60,
    });
  });

  it('takes the subject token type jwt as well', async () => {
    const { status } = await exchange({ subject_token_type: TokenType.Jwt });
    expect(status).toBe(200);
  });

  it('hands out the secret of a vault, without an expiry', async () => {
    const { body } = await exchange({ resource: VAULT });
    expect(body['access_token']).toBe('opaque-legacy-key');
    expect(body).not.toHaveProperty('expires_in');
  });

  it('says what it issued', async () => {
    const issued: IssuedToken[] = [];
    const listener = (token: IssuedToken) => issued.push(token);
    world.zone.on('issued', listener);
    await exchange();
    await exchange({ resource: VAULT });
    world.zone.off('issued', listener);
    const common = {
      grantType: GrantType.TokenExchange,
      clientId: CLIENT_ID,
      application: 'app_assistant',
      user: 'usr_ada',
    };
    expect(issued).toEqual([
      { ...common, resource: WEATHER, scopes: ['forecast'] },
      { ...common, resource: VAULT, scopes: [] },
    ]);
  });
});

interface Refusal {
  readonly name: string;
  readonly send: () => Promise<Answer>;
  readonly error: string;
  readonly description: string | RegExp;
}

const refusals: Refusal[] = [
  {
    name: 'a malformed subject token',
    send: () => exchange({ subject_token: 'tok' }),
    error: 'invalid_request',
    description: 'malformed subject_token',
  },
  {
    name: 'another subject token type',
    send: () =>
      exchange({
        subject_token_type: 'urn:ietf:params:oauth:token-type:saml2',
      }),
    error: 'invalid_request',
    description: 'unsupported subject_token_type',
  },
  {
    name: 'another requested token type',
    send: () => exchange({ requested_token_type: TokenType.Jwt }),
    error: 'invalid_request',
    description: 'unsupported requested_token_type',
  },
  {
    name: 'an actor token',
    send: () => exchange({ actor_token: 'tok' }),
    error: 'invalid_request',
    description: 'actor_token is not supported',
  },
  ...['resource', 'subject_token', 'subject_token_type'].map((name) => ({
    name: `no ${name}`,
    send: () => exchange({ [name]: '' }),
    error: 'invalid_request',
    description: `missing required parameter ${name}`,
  })),
  {
    name: 'a foreign subject token',
    send: async () =>
      exchange({
        subject_token: await world.keys.sign({
          iss: world.zone.issuer,
          sub: 'usr_ada',
          aud: MCP,
          exp: now() + 60,
        }),
      }),
    error: 'invalid_grant',
    description: 'subject_token was not issued by this zone',
  },
  {
    name: 'a subject token of another type',
    send: async () =>
      exchange({
        subject_token: await world.zone.mint(
          { sub: 'usr_ada', aud: MCP },
          { header: { typ: 'JWT' } },
        ),
      }),
    error: 'invalid_grant',
    description: 'subject_token was not issued by this zone',
  },
  {
    name: 'an expired subject token',
    send: async () =>
      exchange({
        subject_token: await world.zone.mint({
          sub: 'usr_ada',
          aud: MCP,
          exp: now() - 1,
        }),
      }),
    error: 'invalid_grant',
    description: 'subject_token is expired',
  },
  {
    name: 'a minted subject token',
    send: async () =>
      exchange({
        subject_token: await world.zone.mint({ sub: 'usr_ada', aud: MCP }),
      }),
    error: 'invalid_grant',
    description: 'subject_token was revoked',
  },
  {
    name: 'an application that does not own the audience',
    send: () => exchange({}, OTHER),
    error: 'invalid_grant',
    description: 'Client is not allowed to exchange token for this resource',
  },
  {
    name: 'an unknown resource',
    send: () => exchange({ resource: 'https://nope.test' }),
    error: 'invalid_target',
    description:
      'Requested authorization for unknown resource https://nope.test',
  },
  {
    name: 'a resource with a slash more',
    send: () => exchange({ resource: `${WEATHER}/` }),
    error: 'invalid_target',
    description: `Requested authorization for unknown resource ${WEATHER}/`,
  },
  {
    name: 'two resources',
    send: () => {
      const form = new URLSearchParams({
        grant_type: GrantType.TokenExchange,
        subject_token: userToken,
        subject_token_type: TokenType.AccessToken,
      });
      form.append('resource', WEATHER);
      form.append('resource', CALENDAR);
      return world.api.token(form, ASSISTANT);
    },
    error: 'invalid_target',
    description: 'only one resource per request',
  },
  {
    name: 'a resource the application does not depend on',
    send: () => exchange({ resource: PAYROLL }),
    error: 'access_denied',
    description: 'Application "Assistant" is not allowed to access "Payroll".',
  },
  {
    name: 'a request that a policy denies',
    send: () => {
      world.zone.addPolicy({
        name: 'office-hours',
        denies: ({ application, user, resource, scopes, impersonated }) =>
          application === 'app_assistant' &&
          user === 'usr_ada' &&
          resource === WEATHER &&
          scopes.length === 0 &&
          !impersonated,
      });
      return exchange();
    },
    error: 'access_denied',
    description:
      'Access to "Weather API" is denied by Policy "office-hours" in version 1 of Policy Set "local".',
  },
  {
    name: 'a user-connected resource without a grant',
    send: () => exchange({ resource: CALENDAR }),
    error: 'insufficient_authorization',
    description: `User authorization is required for resource ${CALENDAR}`,
  },
  {
    name: 'a scope the resource does not have',
    send: () => exchange({ scope: 'forecast all' }),
    error: 'invalid_scope',
    description: 'requested scope is not granted: all',
  },
  {
    name: 'an unknown grant type',
    send: () => world.api.token({ grant_type: 'password' }, ASSISTANT),
    error: 'unsupported_grant_type',
    description: /.+/,
  },
  {
    name: 'as-self on a user-connected resource',
    send: () => asSelf(CALENDAR),
    error: 'access_denied',
    description: `Resource ${CALENDAR} cannot be accessed with client credentials`,
  },
  {
    name: 'impersonation by an application without the permission',
    send: () => impersonate('usr_ada', {}, OTHER),
    error: 'unauthorized_client',
    description: 'Application "Other" is not allowed to impersonate users',
  },
  {
    name: 'impersonation of an unknown user',
    send: () => impersonate('mallory'),
    error: 'invalid_grant',
    description: 'User not found for identifier mallory',
  },
  {
    name: 'impersonation without the grant of that user',
    send: () => impersonate('bob@example.test', { resource: CALENDAR }),
    error: 'insufficient_authorization',
    description: `User authorization is required for resource ${CALENDAR}`,
  },
];

describe('the zone refuses', () => {
  it.each(refusals)('$name: $error', async ({ send, error, description }) => {
    const { status, body } = await send();
    expect(body).toMatchObject({
      error,
      error_description:
        typeof description === 'string'
          ? description
          : (expect.stringMatching(description) as string),
    });
    expect(status).toBe(400);
  });

  it.each<[string, string]>([
    ['a signature', `${substituteUser('usr_ada')}sig`],
    ['another algorithm', substituteUser('usr_ada', { alg: 'RS256' })],
    ['another type', substituteUser('usr_ada', { alg: 'none', typ: 'JWT' })],
    ['no subject', substituteUser(undefined)],
    ['two segments', substituteUser('usr_ada').split('.', 2).join('.')],
    ['four segments', `${substituteUser('usr_ada')}.`],
    ['text', '%%%.%%%.'],
  ])('a substitute-user token with %s', async (_, subject_token) => {
    const { body } = await impersonate('', { subject_token });
    expect(body).toMatchObject({
      error: 'invalid_request',
      error_description: 'malformed substitute-user token',
    });
  });
});

describe('user grants', () => {
  beforeEach(() => {
    world.zone.grant({
      user: 'usr_ada',
      application: 'app_assistant',
      resource: CALENDAR,
      scopes: ['events:read'],
    });
  });
  afterEach(() => {
    world.zone.revokeGrant({
      user: 'usr_ada',
      application: 'app_assistant',
      resource: CALENDAR,
    });
  });

  it('limit the scopes of the token', async () => {
    const { body } = await exchange({ resource: CALENDAR });
    expect(body).toMatchObject({ scope: 'events:read', expires_in: 120 });
    const more = await exchange({ resource: CALENDAR, scope: 'events:write' });
    expect(more.body['error']).toBe('invalid_scope');
  });

  it('end when they are revoked', async () => {
    const grant = {
      user: 'usr_ada',
      application: 'app_assistant',
      resource: CALENDAR,
    };
    expect(world.zone.revokeGrant(grant)).toBe(true);
    expect(world.zone.revokeGrant(grant)).toBe(false);
    const { body } = await exchange({ resource: CALENDAR });
    expect(body['error']).toBe('insufficient_authorization');
  });

  it.each(['ada@example.test', 'usr_ada'])(
    'let an application impersonate %s',
    async (identifier) => {
      const { body } = await impersonate(identifier, { resource: CALENDAR });
      const claims = decodeJwt(body['access_token']);
      expect(claims).toMatchObject({ sub: 'usr_ada', aud: CALENDAR });
    },
  );
});

describe('lifetimes', () => {
  it('end with the subject token', async () => {
    const lenient = await startWorld({ acceptMinted: true });
    const exp = now() + 20;
    const subject = await lenient.zone.mint({ sub: 'usr_ada', aud: MCP, exp });
    const { body } = await lenient.api.exchange(subject);
    expect(decodeJwt(body['access_token']).exp).toBeLessThanOrEqual(exp);
    await lenient.close();
  });
});

describe('an application as itself', () => {
  it('is the subject of its token', async () => {
    const { body } = await asSelf(WEATHER);
    expect(body).toMatchObject({ expires_in: 60, scope: 'forecast' });
    expect(body).not.toHaveProperty('issued_token_type');
    const claims = decodeJwt(body['access_token']);
    expect(claims).toMatchObject({
      sub: 'app_assistant',
      sub_profile: 'app',
      keycard_app_id: 'app_assistant',
      client_id: CLIENT_ID,
      aud: WEATHER,
    });
    expect(claims).not.toHaveProperty('sid');
  });

  it('stays the subject when its token is exchanged', async () => {
    const lenient = await startWorld({ acceptMinted: true });
    const subject = await lenient.zone.mint({
      sub: 'app_caller',
      sub_profile: 'app',
      aud: MCP,
    });
    const { body } = await lenient.api.exchange(subject);
    expect(decodeJwt(body['access_token'])).toMatchObject({
      sub: 'app_caller',
      sub_profile: 'app',
      keycard_app_id: 'app_caller',
    });
    await lenient.close();
  });
});

describe('the actor claim', () => {
  it('names the application, and whoever acted before', async () => {
    const acting = await startWorld({ actorClaim: true, acceptMinted: true });
    const first = await acting.zone.mint({ sub: 'usr_ada', aud: MCP });
    const once = await acting.api.exchange(first);
    expect(decodeJwt(once.body['access_token'])['act']).toEqual({
      sub: 'app_assistant',
    });

    const act = { sub: 'app_before' };
    const second = await acting.zone.mint({ sub: 'usr_ada', aud: MCP, act });
    const twice = await acting.api.exchange(second);
    expect(decodeJwt(twice.body['access_token'])['act']).toEqual({
      sub: 'app_assistant',
      act,
    });
    await acting.close();
  });
});
