import {
  Controller,
  ForbiddenException,
  Get,
  Injectable,
  Module,
  VersioningType,
  type CanActivate,
  type INestApplication,
} from '@nestjs/common';
import { APP_GUARD, type AbstractHttpAdapter } from '@nestjs/core';
import { KeycardModule, McpTool } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { rawRequest } from '../support/raw-request.js';

const RESOURCE = 'https://mcp.example.com/mcp';
const PROTECTED = '/.well-known/oauth-protected-resource';
const SERVER = '/.well-known/oauth-authorization-server';

@Injectable()
class Tools {
  @McpTool({
    description: 'For tests',
    scopes: ['notes:read', 'offline_access'],
  })
  notes() {
    return 'x';
  }
}

@Injectable()
class DenyAll implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException();
  }
}

@Controller('hello')
class HelloController {
  @Get()
  hello() {
    return 'hi';
  }
}

interface Setting {
  readonly configure?: (application: INestApplication) => void;
  readonly providers?: object[];
}

const SETTINGS: [string, Setting][] = [
  ['as it comes', {}],
  ['with a global prefix', { configure: (app) => app.setGlobalPrefix('api') }],
  [
    'with URI versioning',
    {
      configure: (app) =>
        app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    },
  ],
  [
    'with a deny-all APP_GUARD',
    { providers: [{ provide: APP_GUARD, useClass: DenyAll }] },
  ],
];

describe.each(ADAPTERS)('metadata on %s', (_adapter, createAdapter) => {
  let zone: LocalZone;

  beforeAll(async () => {
    zone = await LocalZone.create().start();
  });
  afterAll(() => zone.stop());

  async function start(setting: Setting, adapter: AbstractHttpAdapter) {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: `${zone.issuer}/`,
          resourceUrl: RESOURCE,
          serverName: 'Notes',
          documentationUrl: 'https://docs.example.com',
        }),
      ],
      controllers: [HelloController],
      providers: [Tools, ...(setting.providers ?? [])] as never[],
    })
    class AppModule {}
    const application = await boot(AppModule, {
      adapter,
      configure: setting.configure,
    });
    return { application, url: await application.getUrl() };
  }

  describe.each(SETTINGS)('%s', (_setting, setting) => {
    let application: INestApplication;
    let url: string;

    beforeAll(async () => {
      ({ application, url } = await start(setting, createAdapter()));
    });
    afterAll(() => application.close());

    it.each([PROTECTED, `${PROTECTED}/mcp`])('serves %s', async (path) => {
      const response = await fetch(url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('cache-control')).toBe('public, max-age=60');
      expect(await response.json()).toEqual({
        resource: RESOURCE,
        authorization_servers: [zone.issuer],
        bearer_methods_supported: ['header'],
        scopes_supported: ['notes:read'],
        resource_name: 'Notes',
        resource_documentation: 'https://docs.example.com',
      });
    });

    it.each([SERVER, `${SERVER}/mcp`])('serves %s', async (path) => {
      const response = await fetch(url + path);
      expect(response.status).toBe(200);
      const document = (await response.json()) as Record<string, string>;
      const original = await fetch(zone.issuer + SERVER);
      const expected = (await original.json()) as Record<string, string>;
      const endpoint = new URL(document.authorization_endpoint!);
      expect(endpoint.searchParams.getAll('resource')).toEqual([RESOURCE]);
      endpoint.search = '';
      expect({ ...document, authorization_endpoint: endpoint.href }).toEqual(
        expected,
      );
    });

    it.each([PROTECTED, `${SERVER}/mcp`])(
      'answers a preflight of %s',
      async (path) => {
        const response = await fetch(url + path, {
          method: 'OPTIONS',
          headers: {
            origin: 'https://page.example',
            'access-control-request-method': 'GET',
          },
        });
        expect(response.status).toBe(204);
        expect(response.headers.get('access-control-allow-origin')).toBe('*');
        expect(response.headers.get('access-control-allow-methods')).toBe(
          'GET, OPTIONS',
        );
        expect(response.headers.get('access-control-allow-headers')).toContain(
          'MCP-Protocol-Version',
        );
      },
    );

    it('answers HEAD without a body, and nothing but reading', async () => {
      const head = await fetch(url + PROTECTED, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
      const posted = await fetch(url + PROTECTED, { method: 'POST' });
      expect([posted.status, posted.headers.get('allow')]).toEqual([
        405,
        'GET, HEAD, OPTIONS',
      ]);
    });

    it.each([
      `${PROTECTED}-fake`,
      `${PROTECTED}/other`,
      `${PROTECTED}/mcp/`,
      `${PROTECTED}/mcp/deeper`,
      '/.well-known/jwks.json',
    ])('has nothing at %s', async (path) => {
      const response = await fetch(url + path);
      expect(response.status).toBeGreaterThanOrEqual(403);
      expect(await response.text()).not.toContain(RESOURCE);
    });

    it('names itself as configured, whatever the request says', async () => {
      const answer = await rawRequest(`${url}/mcp`, {
        headers: {
          host: 'mcp.example.com',
          'x-forwarded-host': 'evil.example.com',
          'x-forwarded-proto': 'http',
          forwarded: 'host=evil.example.com',
        },
      });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
      );
    });

    it.each(['evil.example.com', 'localhost', 'mcp.example.com:8080'])(
      'refuses the Host %s',
      async (host) => {
        const answer = await rawRequest(`${url}/mcp`, { headers: { host } });
        expect(answer.status).toBe(403);
        expect(answer.text).not.toContain(host);
      },
    );
  });

  it('answers 502 and tells nothing when the zone is down', async () => {
    const { application, url } = await start({}, createAdapter());
    zone.script('discovery', {
      status: 500,
      body: 'secret stack trace',
      times: 1,
    });
    const failed = await fetch(url + SERVER);
    expect(failed.status).toBe(502);
    expect(failed.headers.get('access-control-allow-origin')).toBe('*');
    expect(failed.headers.get('cache-control')).toBe('no-store');
    expect(await failed.json()).toEqual({
      error: 'upstream_error',
      error_description: `The metadata of the authorization server ${zone.issuer} cannot be read at the moment.`,
    });
    expect((await fetch(url + SERVER)).status).toBe(200);
    await application.close();
  });

  it('serves what it read before while the zone is down', async () => {
    const { application, url } = await start({}, createAdapter());
    const before = await (await fetch(url + SERVER)).text();
    zone.script('discovery', { status: 500 });
    const asked = zone.count('discovery');
    // Too old to be served without asking.
    const now = Date.now() + 2 * 3_600_000;
    vi.useFakeTimers({ toFake: ['Date'], now });
    const answers = [await fetch(url + SERVER), await fetch(url + SERVER)];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    vi.useRealTimers();
    zone.clearScripts();
    await application.close();
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(texts).toEqual([before, before]);
    // Once: a zone that is down is left alone for a while.
    expect(zone.count('discovery') - asked).toBe(1);
  });

  it('asks the zone once for many readers, and keeps the answer', async () => {
    const { application, url } = await start({}, createAdapter());
    const before = zone.count('discovery');
    await Promise.all(Array.from({ length: 10 }, () => fetch(url + SERVER)));
    await fetch(`${url}${SERVER}/mcp`);
    expect(zone.count('discovery') - before).toBe(1);
    await application.close();
  });
});
