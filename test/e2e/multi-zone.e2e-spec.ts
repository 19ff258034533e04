import {
  Controller,
  Get,
  Injectable,
  Module,
  type INestApplication,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import {
  AccessContext,
  ClientSecret,
  Grant,
  KeycardModule,
  McpTool,
  Principal,
  Protected,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { findFreePort } from '../support/free-port.js';
import { bearer, request, toolCall } from '../support/post.js';
import { Watch } from '../support/watch.js';

const PROTECTED = '/.well-known/oauth-protected-resource';
const SERVER = '/.well-known/oauth-authorization-server';
const CALENDAR = 'https://calendar.example.com';
const INITIALIZE = request('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});

/** Zones that sign with one key, under one key id: only the issuer differs. */
async function createSharedKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    ...(await exportJWK(privateKey)),
    kid: 'shared',
    alg: 'RS256',
    use: 'sig',
  };
}

function startZone(key: JWK, resource: string, id: string) {
  const application = `assistant-${id}`;
  return LocalZone.create()
    .user({ id: 'usr_ada' })
    .resource(resource, { scopes: ['notes'], ownedBy: application })
    .resource(CALENDAR, { scopes: ['events'] })
    .application(application, {
      clients: [{ clientId: application, clientSecret: `secret-of-${id}` }],
      dependsOn: [CALENDAR],
    })
    .start({ key });
}

describe.each(ADAPTERS)('more than one zone on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let runs = 0;
  let port: number;
  let origin: string;
  let a: LocalZone;
  let b: LocalZone;

  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    whoami(principal: Principal) {
      runs += 1;
      return { zone: principal.zoneId, issuer: principal.issuer };
    }

    @McpTool({ description: 'For tests' })
    @Grant(CALENDAR)
    calendar(access: AccessContext) {
      runs += 1;
      return { status: access.getStatus(), errors: access.getErrors() };
    }
  }

  @Controller(':zone/notes')
  class NotesController {
    @Get()
    @Protected()
    list(principal: Principal) {
      runs += 1;
      return { zone: principal.zoneId };
    }
  }

  @Controller('notes')
  class PlainController {
    @Get()
    @Protected()
    list(principal: Principal) {
      runs += 1;
      return { zone: principal.zoneId };
    }
  }

  beforeAll(async () => {
    port = await findFreePort();
    origin = `http://localhost:${port}`;
    const key = await createSharedKey();
    a = await startZone(key, `${origin}/a/mcp`, 'a');
    b = await startZone(key, `${origin}/b/mcp`, 'b');
    watch.keep('secret-of-a');
    watch.keep('secret-of-b');
  });
  afterAll(async () => {
    await Promise.all([a.stop(), b.stop()]);
    watch.expectNoLeak();
  });

  const start = (
    options: KeycardModuleOptions,
    adapter: AbstractHttpAdapter = createAdapter(),
  ) => {
    @Module({
      imports: [
        KeycardModule.forRoot({
          enableMultiZone: true,
          zones: { a: a.issuer, b: b.issuer },
          applicationCredential: new ClientSecret({
            [a.issuer]: ['assistant-a', 'secret-of-a'],
            [b.issuer]: ['assistant-b', 'secret-of-b'],
          }),
          ...options,
        }),
        KeycardModule.forFeature({
          resourceUrl: options.resourceUrl!.replace('/mcp', '/admin'),
          mcp: { tools: [] },
        }),
      ],
      controllers: [NotesController, PlainController],
      providers: [Tools],
    })
    class AppModule {}
    return boot(AppModule, { adapter, port, logger: watch.logger });
  };

  const tokenOf = async (zone: LocalZone, claims: object) =>
    watch.keep(await zone.mint({ sub: 'usr_ada', ...claims }));

  const hostOf = (id: string) => ({ host: `${id}.localhost:${port}` });

  const resourceOf = (id: string) => `http://${id}.localhost:${port}/mcp`;

  const callsOf = () => a.calls.length + b.calls.length;

  describe.each([
    ['in front of the public URL', '/mcp'],
    ['written as {zone}', '/{zone}/mcp'],
  ])('in the path, %s', (_case, path) => {
    let application: INestApplication;

    beforeAll(async () => {
      application = await start({ resourceUrl: origin + path });
    });
    afterAll(() => application.close());

    it.each(['a', 'b'])('serves zone %s', async (id) => {
      const zone = id === 'a' ? a : b;
      const aud = `${origin}/${id}/mcp`;
      const token = await tokenOf(zone, { aud });
      const answer = await watch.post(aud, toolCall('whoami'), bearer(token));
      expect(answer.json.result.structuredContent).toEqual({
        zone: id,
        issuer: zone.issuer,
      });
      const route = await watch.send(`${origin}/${id}/notes`, {
        headers: bearer(token),
      });
      expect([route.status, route.json]).toEqual([200, { zone: id }]);
    });

    it.each(['a', 'b'])('describes zone %s', async (id) => {
      const zone = id === 'a' ? a : b;
      const resource = await watch.send(`${origin}${PROTECTED}/${id}/mcp`);
      expect(resource.json).toMatchObject({
        resource: `${origin}/${id}/mcp`,
        authorization_servers: [zone.issuer],
      });
      expect(resource.headers['cache-control']).toBe('public, max-age=60');
      const server = await watch.send(`${origin}${SERVER}/${id}/mcp`);
      expect(server.json.issuer).toBe(zone.issuer);
      const endpoint = new URL(server.json.authorization_endpoint);
      expect(endpoint.searchParams.getAll('resource')).toEqual([
        `${origin}/${id}/mcp`,
      ]);
    });

    it.each(['a', 'b'])('challenges in the name of zone %s', async (id) => {
      const answer = await watch.post(
        `${origin}/${id}/mcp`,
        toolCall('whoami'),
      );
      expect([answer.status, answer.challenge]).toEqual([
        401,
        `Bearer resource_metadata="${origin}${PROTECTED}/${id}/mcp"`,
      ]);
    });

    it.each([
      ['with its own audience', 'a'],
      ['with the audience of the other', 'b'],
    ])('refuses a token of A under B, %s', async (_what, audience) => {
      const token = await tokenOf(a, { aud: `${origin}/${audience}/mcp` });
      const before = runs;
      const answer = await watch.post(
        `${origin}/b/mcp`,
        toolCall('whoami'),
        bearer(token),
      );
      const route = await watch.send(`${origin}/b/notes`, {
        headers: bearer(token),
      });
      expect([answer.status, route.status]).toEqual([401, 401]);
      expect(answer.json.error).toBe('invalid_token');
      expect(route.challenge).toContain(
        `resource_metadata="${origin}${PROTECTED}/b/mcp"`,
      );
      expect(runs).toBe(before);
    });

    it('refuses a token of A under B that B remembers as one of A', async () => {
      const token = await tokenOf(a, { aud: `${origin}/a/mcp` });
      const send = (id: string) =>
        watch.post(`${origin}/${id}/mcp`, toolCall('whoami'), bearer(token));
      expect((await send('a')).status).toBe(200);
      expect((await send('b')).status).toBe(401);
    });

    it.each([
      'c',
      'evil.com%5C',
      '%5C',
      'evil.com%23',
      '%23',
      'evil.com%3F',
      '%3F',
      'x%40evil.com',
      '%40',
      'evil.com%2F',
      '..',
      '%2e%2e',
      '.',
      'x'.repeat(64),
      'x'.repeat(5000),
      'A',
      '%61',
      'a%00',
      'a.',
      '-a',
      '__proto__',
      'constructor',
      'localhost:1',
      '',
    ])('asks nobody for the zone "%.20s"', async (id) => {
      const token = await tokenOf(a, { aud: `${origin}/a/mcp` });
      const [calls, before] = [callsOf(), runs];
      const path = `/${id}/mcp`;
      for (const headers of [{}, bearer(token)]) {
        const answer = await rawPath(path, headers);
        expect(answer.status).toBe(401);
        expect(answer.json).toEqual({
          error: 'invalid_token',
          error_description: 'The request is for no zone of this application.',
        });
        expect(answer.challenge).toBe(
          'Bearer error="invalid_token", error_description="The request is for no zone of this application."',
        );
      }
      const route = await rawPath(`/${id}/notes`, bearer(token), 'GET');
      // No router takes an empty segment, or one that is too long, for a zone.
      expect([401, 404, 414]).toContain(route.status);
      for (const name of [PROTECTED, SERVER]) {
        const document = await rawPath(`${name}/${id}/mcp`, {}, 'GET');
        expect(document.status).toBe(404);
        expect(document.json.error).toBe('not_found');
      }
      expect([callsOf(), runs]).toEqual([calls, before]);
    });

    it('a session of A does not exist under B', async () => {
      const open = async (zone: LocalZone, id: string) => {
        const aud = `${origin}/${id}/mcp`;
        const token = await tokenOf(zone, { aud, client_id: 'desktop' });
        const { headers } = await watch.post(aud, INITIALIZE, bearer(token));
        return { token, session: headers['mcp-session-id'] as string };
      };
      const [inA, inB] = [await open(a, 'a'), await open(b, 'b')];
      const call = async (id: string, token: string, session: string) =>
        (
          await watch.post(`${origin}/${id}/mcp`, toolCall('whoami'), {
            ...bearer(token),
            'mcp-session-id': session,
          })
        ).status;
      expect([
        await call('a', inA.token, inA.session),
        await call('b', inB.token, inA.session),
        await call('a', inA.token, inB.session),
        await call('b', inA.token, inA.session),
      ]).toEqual([200, 404, 404, 401]);
    });

    it('further resources have a zone each, too', async () => {
      for (const [zone, id] of [
        [a, 'a'],
        [b, 'b'],
      ] as const) {
        const admin = `${origin}/${id}/admin`;
        const document = await watch.send(`${origin}${PROTECTED}/${id}/admin`);
        expect(document.json).toMatchObject({
          resource: admin,
          authorization_servers: [zone.issuer],
        });
        const own = await tokenOf(zone, { aud: admin });
        const statuses = [];
        for (const url of [
          admin,
          `${origin}/${id}/mcp`,
          `${origin}/${id === 'a' ? 'b' : 'a'}/admin`,
        ]) {
          const message = request('tools/list');
          statuses.push((await watch.post(url, message, bearer(own))).status);
        }
        expect(statuses).toEqual([200, 401, 401]);
      }
      expect((await watch.post(`${origin}/admin`, {})).status).toBe(404);
    });

    it.each([PROTECTED, SERVER, `${PROTECTED}/mcp`, `${PROTECTED}/a/notes`])(
      'has no document at %s',
      async (path) => {
        const answer = await watch.send(origin + path);
        expect(answer.status).toBe(404);
        expect(answer.json.error).toBe('not_found');
      },
    );

    it('exchanges with the credential of the zone, at the zone', async () => {
      for (const [zone, other, id] of [
        [a, b, 'a'],
        [b, a, 'b'],
      ] as const) {
        const { accessToken } = await zone.login('usr_ada');
        watch.keep(accessToken);
        const before = [zone.count('token'), other.count('token')];
        const answer = await watch.post(
          `${origin}/${id}/mcp`,
          toolCall('calendar'),
          bearer(accessToken),
        );
        expect(answer.json.result.structuredContent.status).toBe('success');
        expect([zone.count('token'), other.count('token')]).toEqual([
          before[0]! + 1,
          before[1],
        ]);
        const { headers } = zone.calls.findLast(
          ({ kind }) => kind === 'token',
        )!;
        const [, sent] = headers.authorization!.split(' ');
        expect(Buffer.from(sent!, 'base64').toString()).toMatch(
          new RegExp(`^assistant-${id}:`),
        );
      }
    });
  });

  /** `fetch` and `request` tidy a path up; this sends it as it is. */
  async function rawPath(
    path: string,
    headers: Record<string, string>,
    method = 'POST',
  ) {
    return watch.send(origin, {
      method,
      path,
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...headers,
      },
      ...(method === 'POST' && { body: JSON.stringify(toolCall('whoami')) }),
    });
  }

  it('exchanges nothing in a zone without a credential', async () => {
    const application = await start({
      resourceUrl: `${origin}/mcp`,
      applicationCredential: new ClientSecret({
        [a.issuer]: ['assistant-a', 'secret-of-a'],
      }),
    });
    const { accessToken } = await b.login('usr_ada');
    const before = callsOf();
    const answer = await watch.post(
      `${origin}/b/mcp`,
      toolCall('calendar'),
      bearer(watch.keep(accessToken)),
    );
    await application.close();
    expect(answer.json.result.structuredContent.status).not.toBe('success');
    expect(
      [...a.calls, ...b.calls].slice(before).map(({ kind }) => kind),
    ).not.toContain('token');
    expect(answer.text).not.toContain('secret-of');
  });

  it('has audiences per zone, and none where the map has none', async () => {
    const application = await start({
      resourceUrl: `${origin}/mcp`,
      audience: { a: ['urn:first', 'urn:second'] },
    });
    const status = async (zone: LocalZone, id: string, aud: string) => {
      const token = await tokenOf(zone, { aud });
      const url = `${origin}/${id}/mcp`;
      return (await watch.post(url, toolCall('whoami'), bearer(token))).status;
    };
    const statuses = [
      await status(a, 'a', 'urn:first'),
      await status(a, 'a', 'urn:second'),
      await status(a, 'a', `${origin}/a/mcp`),
      await status(b, 'b', 'urn:first'),
      await status(b, 'b', `${origin}/b/mcp`),
    ];
    await application.close();
    expect(statuses).toEqual([200, 200, 401, 401, 401]);
  });

  describe('found by resolveZone', () => {
    let application: INestApplication;

    beforeAll(async () => {
      application = await start({
        resourceUrl: `http://{zone}.localhost:${port}/mcp`,
        resolveZone: ({ headers }) => headers.host?.split('.')[0],
      });
    });
    afterAll(() => application.close());

    it.each(['a', 'b'])('serves the host of zone %s', async (id) => {
      const zone = id === 'a' ? a : b;
      const token = await tokenOf(zone, { aud: resourceOf(id) });
      const headers = { ...hostOf(id), ...bearer(token) };
      const answer = await watch.post(
        `${origin}/mcp`,
        toolCall('whoami'),
        headers,
      );
      expect(answer.json.result.structuredContent.zone).toBe(id);
      const route = await watch.send(`${origin}/notes`, { headers });
      expect(route.json).toEqual({ zone: id });
      const document = await watch.send(`${origin}${PROTECTED}/mcp`, {
        headers: hostOf(id),
      });
      expect(document.json).toMatchObject({
        resource: resourceOf(id),
        authorization_servers: [zone.issuer],
      });
      // Nobody but the resolver knows what it read: no cache may keep this.
      expect(document.headers['cache-control']).toBe('no-store');
    });

    it('refuses a token of A at the host of B', async () => {
      const token = await tokenOf(a, { aud: resourceOf('a') });
      const answer = await watch.post(`${origin}/mcp`, toolCall('whoami'), {
        ...hostOf('b'),
        ...bearer(token),
      });
      expect(answer.status).toBe(401);
      expect(answer.challenge).toContain(
        `resource_metadata="http://b.localhost:${port}${PROTECTED}/mcp"`,
      );
    });

    it.each(['c', 'a%5C', 'A', 'a\\', '__proto__', 'x'.repeat(64)])(
      'asks nobody for the host %s',
      async (id) => {
        const before = callsOf();
        const token = await tokenOf(a, { aud: resourceOf('a') });
        const headers = { ...hostOf(id), ...bearer(token) };
        const answer = await watch.post(
          `${origin}/mcp`,
          toolCall('whoami'),
          headers,
        );
        // 403 where that can be no host at all.
        expect([401, 403]).toContain(answer.status);
        const route = await watch.send(`${origin}/notes`, { headers });
        expect([route.status, route.json?.error]).toEqual([
          401,
          'invalid_token',
        ]);
        const document = await watch.send(`${origin}${PROTECTED}/mcp`, {
          headers: hostOf(id),
        });
        expect(document.status).toBe(404);
        expect(callsOf()).toBe(before);
      },
    );

    it('refuses a request without Host like any other without a zone', async () => {
      const answer = await watch.send(`${origin}/notes`, {
        headers: { host: '' },
      });
      expect(answer.status).toBe(401);
    });
  });
});
