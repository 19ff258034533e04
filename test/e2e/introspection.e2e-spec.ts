import { randomUUID } from 'node:crypto';
import {
  Controller,
  Get,
  Injectable,
  Module,
  type INestApplication,
  type LoggerService,
} from '@nestjs/common';
import {
  ClientSecret,
  KeycardModule,
  McpTool,
  Principal,
  Protected,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot, RecordingLogger } from '../support/boot.js';
import { bearer, toolCall } from '../support/post.js';
import { Watch, type WatchedAnswer } from '../support/watch.js';

const MCP = 'https://mcp.example.com/mcp';
const SECRET = 'introspection-secret';

const active = () => ({
  active: true,
  sub: 'usr_ada',
  client_id: 'desktop',
  aud: MCP,
  scope: 'notes',
  exp: Math.floor(Date.now() / 1000) + 300,
});

describe.each(ADAPTERS)('opaque tokens on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let runs = 0;
  let zone: LocalZone;
  let application: INestApplication;
  let url: string;

  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    whoami({ subject, clientId, scopes }: Principal) {
      runs += 1;
      return { subject, clientId, scopes };
    }
  }

  @Controller('route')
  class RouteController {
    @Get()
    @Protected()
    whoami({ subject, clientId, scopes }: Principal) {
      runs += 1;
      return { subject, clientId, scopes };
    }
  }

  const start = async (
    options: Partial<KeycardModuleOptions> = {},
    logger: LoggerService | undefined = watch.logger,
  ) => {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: MCP,
          applicationCredential: new ClientSecret('api', SECRET),
          tokens: { introspection: true },
          ...options,
        }),
      ],
      controllers: [RouteController],
      providers: [Tools],
    })
    class AppModule {}
    return boot(AppModule, { adapter: createAdapter(), logger });
  };

  beforeAll(async () => {
    zone = await LocalZone.create()
      .user({ id: 'usr_ada' })
      .resource(MCP, { scopes: ['notes'], ownedBy: 'api' })
      .application('api', {
        clients: [{ clientId: 'api', clientSecret: SECRET }],
      })
      .start();
    watch.keep(SECRET);
    application = await start();
    url = await application.getUrl();
  });
  beforeEach(() => {
    runs = 0;
    zone.clearScripts();
  });
  afterAll(async () => {
    await application.close();
    await zone.stop();
    watch.expectNoLeak();
  });

  const PLACES: [string, (token: string) => Promise<WatchedAnswer>][] = [
    [
      'the MCP endpoint',
      (token) =>
        watch.post(`${url}/mcp`, toolCall('whoami'), {
          host: 'mcp.example.com',
          ...bearer(token),
        }),
    ],
    [
      'an HTTP route',
      (token) => watch.send(`${url}/route`, { headers: bearer(token) }),
    ],
  ];

  const opaque = () => watch.keep(`opaque-${randomUUID()}`);

  describe.each(PLACES)('at %s', (_place, send) => {
    it('are accepted when the zone says they are active', async () => {
      zone.script('introspect', { status: 200, body: active() });
      const answer = await send(opaque());
      expect(answer.status).toBe(200);
      const who = answer.json.result?.structuredContent ?? answer.json;
      expect(who).toEqual({
        subject: 'usr_ada',
        clientId: 'desktop',
        scopes: ['notes'],
      });
      const call = zone.calls.findLast(({ kind }) => kind === 'introspect')!;
      expect(call.headers.authorization).toMatch(/^Basic /);
    });

    it.each<[string, unknown]>([
      ['inactive', { active: false }],
      ['active in words only', { ...active(), active: 'true' }],
      ['active as a number', { ...active(), active: 1 }],
      ['for another audience', { ...active(), aud: `${MCP}/other` }],
      ['for no audience', { ...active(), aud: undefined }],
      ['expired', { ...active(), exp: 1 }],
      ['without an end', { ...active(), exp: undefined }],
      ['not active yet', { ...active(), nbf: 9e9 }],
      ['of another issuer', { ...active(), iss: 'https://evil.example.com' }],
      ['a refresh token', { ...active(), token_type: 'refresh_token' }],
      ['bound to a key', { ...active(), cnf: { jkt: 'A'.repeat(43) } }],
      ['without a subject', { ...active(), sub: undefined }],
    ])('are refused when %s', async (_case, body) => {
      zone.script('introspect', { status: 200, body });
      const answer = await send(opaque());
      expect([answer.status, answer.json]).toEqual([
        401,
        {
          error: 'invalid_token',
          error_description:
            'The access token is expired, malformed, or not meant for this resource.',
        },
      ]);
      expect(answer.challenge).toMatch(/^Bearer error="invalid_token"/);
      expect(runs).toBe(0);
    });

    it.each<[string, object]>([
      ['fails', { status: 500, body: 'upstream-body-of-the-zone' }],
      ['is overloaded', { status: 429 }],
      ['does not know us', { status: 401, body: { error: 'invalid_client' } }],
      [
        'redirects',
        { status: 302, headers: { location: 'http://localhost:1' } },
      ],
      [
        'answers with a page',
        { status: 200, body: 'upstream-body', contentType: 'text/html' },
      ],
      ['answers with no JSON', { status: 200, body: 'upstream-body{' }],
      ['answers with a list', { status: 200, body: [active()] }],
      [
        'contradicts itself',
        {
          status: 200,
          body: `{"aud":"x",${JSON.stringify(active()).slice(1)}`,
        },
      ],
    ])('are 503 while the zone %s', async (_case, script) => {
      zone.script('introspect', script);
      const token = opaque();
      const answer = await send(token);
      expect([answer.status, answer.json]).toEqual([
        503,
        {
          error: 'temporarily_unavailable',
          error_description:
            'The authorization server cannot be reached to check the access token. Try again.',
        },
      ]);
      expect(answer.challenge).toBeUndefined();
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.text + watch.logger.text).not.toContain('upstream-body');
      expect(runs).toBe(0);
      // Nothing is remembered about a failure.
      zone.script('introspect', { status: 200, body: active() });
      expect((await send(token)).status).toBe(200);
    });

    it('are asked about once, however many requests come', async () => {
      zone.script('introspect', { status: 200, body: active(), delay: 20 });
      const before = zone.count('introspect');
      const token = opaque();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => send(token)),
      );
      await send(token);
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
      expect(zone.count('introspect') - before).toBe(1);
    });

    it('are really unknown to a zone that never made them', async () => {
      const before = zone.count('introspect');
      expect((await send(opaque())).status).toBe(401);
      expect(zone.count('introspect') - before).toBe(1);
    });

    it('are no refresh tokens', async () => {
      const { refreshToken } = await zone.login('usr_ada');
      expect((await send(watch.keep(refreshToken!))).status).toBe(401);
    });

    it('do not stand in for a JWT that is verified here', async () => {
      const before = zone.count('introspect');
      const good = await zone.mint({ sub: 'usr_ada', aud: MCP });
      const bad = await zone.mint({ sub: 'usr_ada', aud: MCP, exp: 1 });
      expect((await send(watch.keep(good))).status).toBe(200);
      expect((await send(watch.keep(bad))).status).toBe(401);
      expect(zone.count('introspect')).toBe(before);
    });
  });

  it('are not asked about without the option', async () => {
    const without = await start({ tokens: {} });
    const before = zone.count('introspect');
    const answer = await watch.send(`${await without.getUrl()}/route`, {
      headers: bearer(opaque()),
    });
    await without.close();
    expect(answer.status).toBe(401);
    expect(zone.count('introspect')).toBe(before);
  });

  it('need a credential', async () => {
    const options = { applicationCredential: undefined };
    await expect(start(options, new RecordingLogger())).rejects.toThrow(
      /tokens\.introspection.*applicationCredential/,
    );
  });
});
