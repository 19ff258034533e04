import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Principal } from 'nestjs-keycard';
import type { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenExchangeService } from '../../lib/delegation/token-exchange.service.js';
import { SUBSTITUTE_USER_TOKEN_TYPE } from '../../lib/oauth/substitute-user.js';
import { exchangeToken } from '../../lib/oauth/token-exchange.js';
import {
  CALENDAR,
  CREDENTIAL,
  principalOf,
  SECRET,
  serviceWith,
  startZone,
} from './support/exchange-world.js';

const ACCESS_TOKEN = 'urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token';
const EXCHANGE = 'urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange';
const RESOURCE = 'https%3A%2F%2Fcalendar.example.test';
const ADA =
  'eyJ0eXAiOiJ2bmQua2Muc3Urand0IiwiYWxnIjoibm9uZSJ9.eyJzdWIiOiJ1c2VyQGV4YW1wbGUuY29tIn0.';

type Ask = (
  service: TokenExchangeService,
  ada: Principal,
) => Promise<{ readonly accessToken: string }>;

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Notes the bytes, and passes them on: the zone sees what was sent. */
async function startRecorder(target: () => string) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { method, url: path, headers } = request;
    received.push({ method, path, headers, body });
    const answer = await fetch(target(), {
      method: 'POST',
      body,
      headers: {
        'content-type': String(headers['content-type']),
        authorization: String(headers.authorization),
      },
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { received, server, origin: `http://127.0.0.1:${port}` };
}

const CASES: [string, Ask, (token: string) => string][] = [
  [
    'on behalf of the caller',
    (service, ada) => service.token(ada, CALENDAR),
    (token) =>
      `resource=${RESOURCE}&subject_token=${token}&subject_token_type=${ACCESS_TOKEN}&grant_type=${EXCHANGE}`,
  ],
  [
    'on behalf of the caller, with scopes',
    (service, ada) =>
      service.token(ada, {
        resource: CALENDAR,
        scopes: ['events:write', 'events:read', 'events:write'],
      }),
    (token) =>
      `resource=${RESOURCE}&scope=events%3Aread+events%3Awrite&subject_token=${token}&subject_token_type=${ACCESS_TOKEN}&grant_type=${EXCHANGE}`,
  ],
  [
    'with an audience',
    (service, ada) =>
      service.token(ada, { resource: CALENDAR, audience: 'the calendar' }),
    (token) =>
      `resource=${RESOURCE}&audience=the+calendar&subject_token=${token}&subject_token_type=${ACCESS_TOKEN}&grant_type=${EXCHANGE}`,
  ],
  [
    'impersonation',
    (service) =>
      service.impersonate('user@example.com', { resource: CALENDAR }),
    () =>
      `resource=${RESOURCE}&subject_token=${ADA}&subject_token_type=urn%3Akeycard%3Aparams%3Aoauth%3Atoken-type%3Asubstitute-user&grant_type=${EXCHANGE}`,
  ],
  [
    'impersonation with scopes',
    (service, ada) =>
      service.token(ada, {
        resource: CALENDAR,
        scopes: ['events:read'],
        authority: { kind: 'user', identifier: 'user@example.com' },
      }),
    () =>
      `resource=${RESOURCE}&scope=events%3Aread&subject_token=${ADA}&subject_token_type=urn%3Akeycard%3Aparams%3Aoauth%3Atoken-type%3Asubstitute-user&grant_type=${EXCHANGE}`,
  ],
  [
    'as the application',
    (service) => service.asApplication({ resource: CALENDAR }),
    () => `resource=${RESOURCE}&grant_type=client_credentials`,
  ],
  [
    'as the application with scopes',
    (service, ada) =>
      service.token(ada, {
        resource: CALENDAR,
        scopes: ['events:read'],
        authority: { kind: 'application' },
      }),
    () =>
      `resource=${RESOURCE}&scope=events%3Aread&grant_type=client_credentials`,
  ],
];

describe.each(['keycard', 'plain'] as const)('with %s paths', (profile) => {
  let zone: LocalZone;
  let token: string;
  let ada: Principal;
  let recorder: Awaited<ReturnType<typeof startRecorder>>;

  beforeAll(async () => {
    zone = await startZone(profile);
    recorder = await startRecorder(() => zone.tokenEndpoint);
    token = (await zone.login('usr_ada')).accessToken;
    ada = principalOf(zone.issuer, token);
  });
  beforeEach(() => {
    recorder.received.length = 0;
    zone.clearCalls();
  });
  afterAll(async () => {
    recorder.server.close();
    await zone.stop();
  });

  it.each(CASES)('sends exactly this: %s', async (_case, ask, expected) => {
    const { origin, received } = recorder;
    const service = serviceWith({
      issuer: zone.issuer,
      fetch: async (url, init) => {
        if (url !== zone.tokenEndpoint) return fetch(url, init);
        return fetch(`${origin}/as-sent`, init);
      },
    });
    const { accessToken } = await ask(service, ada);
    expect(accessToken).toMatch(/^ey/);
    expect(received).toHaveLength(1);
    const [{ method, headers, body }] = received as [Received];
    expect(body).toBe(expected(token));
    expect(method).toBe('POST');
    expect(headers).toMatchObject({
      accept: 'application/json',
      authorization: `Basic ${btoa(`assistant:${SECRET}`)}`,
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    });
    expect(headers).not.toHaveProperty('cookie');
  });

  it.each(CASES)('is understood by the zone: %s', async (_case, ask) => {
    const { accessToken } = await ask(
      serviceWith({ issuer: zone.issuer }),
      ada,
    );
    expect(accessToken).not.toBe(token);
    const [call] = zone.calls.filter(({ kind }) => kind === 'token');
    expect(call).toMatchObject({ status: 200 });
    expect(zone.issuer + call!.path).toBe(zone.tokenEndpoint);
  });
});

describe('the form of an exchange', () => {
  async function formOf(parameters: Parameters<typeof exchangeToken>[0]) {
    const bodies: string[] = [];
    await exchangeToken(parameters, {
      server: {
        issuer: 'https://as.test',
        token_endpoint: 'https://as.test/t',
      },
      ...CREDENTIAL.identify({ issuer: 'https://as.test' }),
      fetch: async (_url, init) => {
        bodies.push(String(init!.body as URLSearchParams));
        return Response.json({ access_token: 'a', token_type: 'Bearer' });
      },
    });
    return bodies.join();
  }

  it.each<[string, Parameters<typeof exchangeToken>[0], string]>([
    [
      'an actor',
      { subjectToken: 's', actorToken: 'a' },
      `subject_token=s&subject_token_type=${ACCESS_TOKEN}&actor_token=a&actor_token_type=${ACCESS_TOKEN}&grant_type=${EXCHANGE}`,
    ],
    [
      'an actor of another type',
      { subjectToken: 's', actorToken: 'a', actorTokenType: 'urn:x' },
      `subject_token=s&subject_token_type=${ACCESS_TOKEN}&actor_token=a&actor_token_type=urn%3Ax&grant_type=${EXCHANGE}`,
    ],
    [
      'an audience alone',
      { subjectToken: 's', audience: 'api' },
      `audience=api&subject_token=s&subject_token_type=${ACCESS_TOKEN}&grant_type=${EXCHANGE}`,
    ],
    [
      'the type of an actor that is not there',
      { subjectToken: 's', actorTokenType: 'urn:x', scopes: [] },
      `subject_token=s&subject_token_type=${ACCESS_TOKEN}&grant_type=${EXCHANGE}`,
    ],
    [
      'a token with every character',
      {
        subjectToken: 's+/=&% ü',
        subjectTokenType: SUBSTITUTE_USER_TOKEN_TYPE,
      },
      `subject_token=s%2B%2F%3D%26%25+%C3%BC&subject_token_type=urn%3Akeycard%3Aparams%3Aoauth%3Atoken-type%3Asubstitute-user&grant_type=${EXCHANGE}`,
    ],
  ])('has %s', async (_case, parameters, expected) => {
    expect(await formOf(parameters)).toBe(expected);
  });

  it.each<[string, object]>([
    ['no subject', {}],
    ['an undefined subject', { subjectToken: undefined }],
    ['a blank subject', { subjectToken: ' ' }],
    ['a blank actor', { subjectToken: 's', actorToken: '' }],
    ['null for an actor', { subjectToken: 's', actorToken: null }],
  ])('is not sent with %s', async (_case, parameters) => {
    await expect(formOf(parameters as never)).rejects.toThrow(TypeError);
  });
});
