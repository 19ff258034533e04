import {
  Controller,
  Get,
  Injectable,
  Module,
  type INestApplication,
} from '@nestjs/common';
import { exportJWK, generateKeyPair } from 'jose';
import { KeycardModule, McpTool, RequireScopes } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { toolCall } from '../support/post.js';
import { Watch, type WatchedAnswer } from '../support/watch.js';

const MCP = 'https://mcp.example.com/mcp';
const METADATA =
  'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';

/** What every row of a kind is answered with. */
const ANSWERS = {
  none: {
    status: 401,
    error: 'unauthorized',
    description:
      'This resource needs an access token. https://mcp.example.com/.well-known/oauth-protected-resource/mcp says where to get one.',
    challenge: `Bearer scope="base", ${METADATA}`,
  },
  malformed: {
    status: 400,
    error: 'invalid_request',
    description:
      'The Authorization header must be "Bearer", one space, and one access token; the token may not be sent in any other way.',
    challenge: `Bearer error="invalid_request", error_description="The Authorization header must be \\"Bearer\\", one space, and one access token; the token may not be sent in any other way.", ${METADATA}`,
  },
  invalid: {
    status: 401,
    error: 'invalid_token',
    description:
      'The access token is expired, malformed, or not meant for this resource.',
    challenge: `Bearer error="invalid_token", error_description="The access token is expired, malformed, or not meant for this resource.", scope="base", ${METADATA}`,
  },
  scope: {
    status: 403,
    error: 'insufficient_scope',
    description: 'The access token needs the scope base.',
    challenge: `Bearer error="insufficient_scope", error_description="The access token needs the scope base.", scope="base", ${METADATA}`,
  },
  down: {
    status: 503,
    error: 'temporarily_unavailable',
    description:
      'The authorization server cannot be reached to check the access token. Try again.',
    challenge: undefined,
  },
} as const;

interface Sent {
  readonly headers?: Record<string, string | string[]>;
  readonly query?: string;
}

type Row = [string, keyof typeof ANSWERS, () => Sent | Promise<Sent>];

const encode = (value: object) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

const raw =
  (authorization: string | string[]): (() => Sent) =>
  () => ({
    headers: { authorization },
  });

describe.each(ADAPTERS)('every refusal on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let runs = 0;
  let zone: LocalZone;
  let other: LocalZone;
  let application: INestApplication;
  let url: string;

  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    ping() {
      runs += 1;
      return 'pong';
    }
  }

  @Controller('route')
  class RouteController {
    @Get()
    @RequireScopes()
    get() {
      runs += 1;
      return {};
    }
  }

  beforeAll(async () => {
    const { privateKey } = await generateKeyPair('RS256', {
      extractable: true,
    });
    const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' };
    zone = await LocalZone.create().start({ key: { ...key, kid: 'one' } });
    // The zone of someone else: another issuer with a key of the same id.
    other = await LocalZone.create().start({ freshKey: true });
  });
  afterAll(async () => {
    await Promise.all([zone.stop(), other.stop()]);
    watch.expectNoLeak();
  });

  const start = async () => {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: MCP,
          requiredScopes: 'base',
        }),
      ],
      controllers: [RouteController],
      providers: [Tools],
    })
    class AppModule {}
    application = await boot(AppModule, {
      adapter: createAdapter(),
      logger: watch.logger,
    });
    url = await application.getUrl();
  };

  const GOOD = { aud: MCP, sub: 'usr_ada', scope: 'base' };

  const token = async (claims: object = {}, header: object = {}) =>
    watch.keep(
      await zone.mint(
        { ...GOOD, ...claims },
        { header: header as Record<string, unknown> },
      ),
    );

  const sent = (value: string): Sent => ({
    headers: { authorization: `Bearer ${watch.keep(value)}` },
  });

  const PLACES: [string, (sent: Sent) => Promise<WatchedAnswer>][] = [
    [
      'the MCP endpoint',
      ({ headers, query = '' }) =>
        watch.post(`${url}/mcp${query}`, toolCall('ping'), {
          host: 'mcp.example.com',
          ...headers,
        }),
    ],
    [
      'an HTTP route',
      ({ headers, query = '' }) =>
        watch.send(`${url}/route${query}`, { headers }),
    ],
  ];

  const ROWS: Row[] = [
    ['no token', 'none', () => ({})],
    ['an empty header', 'none', raw('')],
    [
      'a token in a cookie',
      'none',
      () => ({ headers: { cookie: 't=secret' } }),
    ],
    [
      'a token in a header of another name',
      'none',
      async () => ({ headers: { 'x-access-token': await token() } }),
    ],
    ['another scheme', 'malformed', raw('Basic YTpi')],
    ['the DPoP scheme', 'malformed', raw('DPoP abc')],
    ['the scheme alone', 'malformed', raw('Bearer')],
    ['two blanks', 'malformed', raw('Bearer  abc')],
    ['a tab', 'malformed', raw('Bearer\tabc')],
    ['two tokens', 'malformed', raw('Bearer abc, Bearer abc')],
    ['a parameter behind it', 'malformed', raw('Bearer abc def')],
    ['characters no token has', 'malformed', raw('Bearer a"b')],
    ['padding in the middle', 'malformed', raw('Bearer a=b')],
    [
      'two headers',
      'malformed',
      async () => {
        const one = `Bearer ${await token()}`;
        return { headers: { authorization: [one, one] } };
      },
    ],
    [
      'two headers, the first without a value',
      'malformed',
      async () => ({
        headers: { authorization: ['', `Bearer ${await token()}`] },
      }),
    ],
    [
      'a token in the query',
      'malformed',
      async () => ({ query: `?access_token=${await token()}` }),
    ],
    [
      'a token in the query besides the header',
      'malformed',
      async () => ({
        ...sent(await token()),
        query: '?x=1&access%5Ftoken=y',
      }),
    ],
    ['no JWT', 'invalid', () => sent('opaque-token-of-nobody')],
    [
      'two parts',
      'invalid',
      async () => sent((await token()).split('.').slice(0, 2).join('.')),
    ],
    ['four parts', 'invalid', async () => sent(`${await token()}.x`)],
    [
      'no signature',
      'invalid',
      async () => sent(`${(await token()).split('.').slice(0, 2).join('.')}.`),
    ],
    [
      'a signature of something else',
      'invalid',
      async () => {
        const [header, , signature] = (await token()).split('.');
        const claims = {
          iss: zone.issuer,
          ...GOOD,
          client_id: 'x',
          iat: 1,
          exp: 9e9,
          scope: 'base admin',
        };
        return sent(`${header}.${encode(claims)}.${signature}`);
      },
    ],
    [
      'alg none',
      'invalid',
      () => {
        const claims = {
          iss: zone.issuer,
          ...GOOD,
          client_id: 'x',
          iat: 1,
          exp: 9e9,
        };
        return sent(
          `${encode({ alg: 'none', kid: 'one' })}.${encode(claims)}.AA`,
        );
      },
    ],
    [
      'a header type of another kind',
      'invalid',
      async () => sent(await token({}, { typ: 'id+jwt' })),
    ],
    [
      'a proof for a token',
      'invalid',
      async () => sent(await token({}, { typ: 'dpop+jwt' })),
    ],
    [
      'an unknown key',
      'invalid',
      async () => sent(await token({}, { kid: 'two' })),
    ],
    [
      'no key id',
      'invalid',
      async () => sent(await token({}, { kid: undefined })),
    ],
    [
      'a key from elsewhere',
      'invalid',
      async () =>
        sent(await token({ exp: 1 }, { jku: `${other.issuer}/jwks` })),
    ],
    [
      'the token of another zone',
      'invalid',
      async () => sent(await other.mint(GOOD)),
    ],
    [
      'the token of another zone in our name',
      'invalid',
      async () =>
        sent(
          await other.mint(
            { ...GOOD, iss: zone.issuer },
            { header: { kid: 'one' } },
          ),
        ),
    ],
    [
      'another issuer',
      'invalid',
      async () => sent(await token({ iss: 'https://evil.example.com' })),
    ],
    [
      'an issuer with something behind it',
      'invalid',
      async () => sent(await token({ iss: `${zone.issuer}.evil` })),
    ],
    ['no issuer', 'invalid', async () => sent(await token({ iss: undefined }))],
    [
      'another audience',
      'invalid',
      async () => sent(await token({ aud: 'https://other.example.com' })),
    ],
    [
      'the path above',
      'invalid',
      async () => sent(await token({ aud: 'https://mcp.example.com' })),
    ],
    [
      'the path below',
      'invalid',
      async () => sent(await token({ aud: `${MCP}/deep` })),
    ],
    [
      'a slash at the end',
      'invalid',
      async () => sent(await token({ aud: `${MCP}/` })),
    ],
    [
      'no audience',
      'invalid',
      async () => sent(await token({ aud: undefined })),
    ],
    [
      'an empty list of audiences',
      'invalid',
      async () => sent(await token({ aud: [] })),
    ],
    [
      'a resource, but another audience',
      'invalid',
      async () => sent(await token({ aud: 'x', resource: MCP })),
    ],
    ['an expired token', 'invalid', async () => sent(await token({ exp: 1 }))],
    ['no expiry', 'invalid', async () => sent(await token({ exp: undefined }))],
    [
      'an expiry in words',
      'invalid',
      async () => sent(await token({ exp: 'tomorrow' }).catch(() => 'x.y.z')),
    ],
    [
      'a token of the future',
      'invalid',
      async () => sent(await token({ nbf: 9e9 })),
    ],
    [
      'no subject',
      'invalid',
      async () => sent(await token({ sub: undefined })),
    ],
    [
      'a token bound to a key',
      'invalid',
      async () => sent(await token({ cnf: { jkt: 'A'.repeat(43) } })),
    ],
    [
      'a token of a size nobody has',
      'invalid',
      async () => sent(`${'a'.repeat(15_000)}.b.c`.slice(0, 15_000)),
    ],
    ['no scope', 'scope', async () => sent(await token({ scope: undefined }))],
    [
      'another scope',
      'scope',
      async () => sent(await token({ scope: 'Base base2 xbase' })),
    ],
    [
      'scopes that are no text',
      'scope',
      async () => sent(await token({ scope: { base: true } })),
    ],
  ];

  describe.each(PLACES)('at %s', (_place, send) => {
    beforeAll(start);
    afterAll(() => application.close());
    beforeEach(() => {
      runs = 0;
    });

    it.each(ROWS)('%s is %s', async (_case, kind, make) => {
      const [before, requests] = [other.calls.length, await make()];
      const answer = await send(requests);
      const { status, error, description, challenge } = ANSWERS[kind];
      expect(answer.json).toEqual({ error, error_description: description });
      expect([answer.status, answer.challenge]).toEqual([status, challenge]);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(runs).toBe(0);
      expect(other.calls.length).toBe(before);
    });

    it('a good token is none of these', async () => {
      const answer = await send(sent(await token()));
      expect([answer.status, runs]).toEqual([200, 1]);
    });
  });

  describe.each(PLACES)('while the zone is down, at %s', (_place, send) => {
    beforeEach(start);
    afterAll(() => zone.clearScripts());

    it.each([
      ['discovery', { status: 500, body: 'upstream-secret' }],
      ['discovery', { status: 200, body: 'upstream-secret' }],
      [
        'discovery',
        { status: 302, headers: { location: 'http://localhost:1' } },
      ],
      ['jwks', { status: 500, body: 'upstream-secret' }],
      ['jwks', { status: 200, body: 'upstream-secret' }],
    ] as const)('%s answers %j', async (kind, script) => {
      watch.keep('upstream-secret');
      zone.clearScripts();
      zone.script(kind, script);
      runs = 0;
      const answer = await send(sent(await token()));
      const { status, error, description } = ANSWERS.down;
      expect([answer.status, answer.json]).toEqual([
        status,
        { error, error_description: description },
      ]);
      expect(answer.challenge).toBeUndefined();
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(runs).toBe(0);
      const metadata = await watch.send(
        `${url}/.well-known/oauth-authorization-server`,
      );
      // Nothing is remembered about the failure.
      expect(metadata.status).toBe(200);
      await application.close();
    });
  });
});
