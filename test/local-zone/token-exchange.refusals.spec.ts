import { describe, expect, it } from 'vitest';
import { GrantType, TokenType } from 'nestjs-keycard/local-zone';
import { useExchanges, useWorld } from './use-world.js';
import {
  ASSISTANT,
  CALENDAR,
  MCP,
  now,
  OTHER,
  PAYROLL,
  WEATHER,
  type Answer,
} from './world.js';

const world = await useWorld();
const { userToken, exchange, impersonate, asSelf } = await useExchanges(world);

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
});
