import {
  Controller,
  Get,
  Injectable,
  Module,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  KeycardModule,
  McpTool,
  Principal,
  Protected,
  RequireScopes,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { bearer, request, toolCall } from '../support/post.js';
import { Watch } from '../support/watch.js';

const HOST = 'https://mcp.example.com';
const PROTECTED = '/.well-known/oauth-protected-resource';
const SERVER = '/.well-known/oauth-authorization-server';

interface Setting {
  readonly configure?: (application: INestApplication) => void;
  /** In front of the routes of controllers. */
  readonly before: string;
}

const versioned = (application: INestApplication) =>
  application.enableVersioning({
    type: VersioningType.URI,
    defaultVersion: '1',
  });

const SETTINGS: [string, Setting][] = [
  ['as it comes', { before: '' }],
  [
    'with a global prefix',
    { before: '/api', configure: (app) => app.setGlobalPrefix('api') },
  ],
  ['with URI versioning', { before: '/v1', configure: versioned }],
  [
    'with prefix and versioning',
    {
      before: '/api/v1',
      configure: (app) => versioned(app.setGlobalPrefix('api')),
    },
  ],
];

const atHost = (token?: string) => ({
  host: 'mcp.example.com',
  ...(token && bearer(token)),
});

describe.each(ADAPTERS)('several resources on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let zone: LocalZone;

  beforeAll(async () => {
    zone = await LocalZone.create().start();
  });
  afterAll(async () => {
    await zone.stop();
    watch.expectNoLeak();
  });

  async function start(setting: Setting, adapter: AbstractHttpAdapter) {
    const { before } = setting;

    @Injectable()
    class MainTools {
      @McpTool({ description: 'For tests' })
      whoami(principal: Principal) {
        return { server: 'main', resource: principal.resource };
      }
    }

    @Injectable()
    class AdminTools {
      @McpTool({ description: 'For tests', scopes: 'admin:write' })
      whoami(principal: Principal) {
        return { server: 'admin', resource: principal.resource };
      }
    }

    @Injectable()
    class ListedTools {
      @McpTool({ description: 'For tests' })
      whoami(principal: Principal) {
        return { server: 'listed', resource: principal.resource };
      }
    }

    @Controller('orders')
    class OrdersController {
      @Get('open')
      @RequireScopes('orders:read')
      list(principal: Principal) {
        return { resource: principal.resource };
      }

      @Get(':id/lines')
      @Protected()
      lines(principal: Principal) {
        return { resource: principal.resource };
      }
    }

    @Controller('other')
    class OtherController {
      @Get()
      @Protected()
      other(principal: Principal) {
        return { resource: principal.resource };
      }
    }

    @Module({
      imports: [
        KeycardModule.forFeature({
          resourceUrl: `${HOST}/admin`,
          name: 'Administration',
          requiredScopes: 'admin',
          mcp: true,
        }),
      ],
      providers: [AdminTools],
    })
    class AdminModule {}

    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: `${HOST}/mcp`,
        }),
        AdminModule,
        KeycardModule.forFeature({
          resourceUrl: `${HOST}/listed/mcp`,
          mcp: { tools: [ListedTools] },
        }),
        KeycardModule.forFeature({
          resourceUrl: `${HOST}/orders`,
          path: `${before}/orders`,
          scopesSupported: 'offline_access',
          documentationUrl: 'https://docs.example.com/orders',
        }),
      ],
      controllers: [OrdersController, OtherController],
      providers: [MainTools, ListedTools],
    })
    class AppModule {}
    const application = await boot(AppModule, {
      adapter,
      logger: watch.logger,
      configure: setting.configure,
    });
    return { application, url: await application.getUrl() };
  }

  const tokenFor = async (aud: string, scope = '') =>
    watch.keep(await zone.mint({ sub: 'usr_ada', aud, scope }));

  describe.each(SETTINGS)('%s', (_setting, setting) => {
    const { before } = setting;
    let application: INestApplication;
    let url: string;

    beforeAll(async () => {
      ({ application, url } = await start(setting, createAdapter()));
    });
    afterAll(() => application.close());

    const SERVERS: [string, string, string][] = [
      ['main', '/mcp', ''],
      ['admin', '/admin', 'admin admin:write'],
      ['listed', '/listed/mcp', ''],
    ];

    it.each(SERVERS)(
      'the server %s has a tool of its own',
      async (server, path, scope) => {
        const token = await tokenFor(HOST + path, scope);
        const list = await watch.post(
          url + path,
          request('tools/list'),
          atHost(token),
        );
        expect(
          list.json.result.tools.map(({ name }: { name: string }) => name),
        ).toEqual(['whoami']);
        const { json } = await watch.post(
          url + path,
          toolCall('whoami'),
          atHost(token),
        );
        expect(json.result.structuredContent).toEqual({
          server,
          resource: HOST + path,
        });
      },
    );

    const PATHS = ['/mcp', '/admin', '/listed/mcp', '/orders'];

    it.each(
      PATHS.flatMap((own) =>
        PATHS.filter((other) => other !== own).map((other) => [own, other]),
      ),
    )('a token for %s is refused at %s', async (own, other) => {
      const token = await tokenFor(HOST + own, 'admin admin:write orders:read');
      const answer =
        other === '/orders'
          ? await watch.send(`${url}${before}/orders/open`, {
              headers: atHost(token),
            })
          : await watch.post(url + other, toolCall('whoami'), atHost(token));
      expect(answer.status).toBe(401);
      expect(answer.json.error).toBe('invalid_token');
      expect(answer.challenge).toContain(
        `resource_metadata="${HOST}${PROTECTED}${other}"`,
      );
    });

    it.each<[string, object]>([
      ['/mcp', { resource_name: 'nestjs-keycard' }],
      [
        '/admin',
        {
          resource_name: 'Administration',
          scopes_supported: ['admin', 'admin:write'],
        },
      ],
      ['/listed/mcp', {}],
      [
        '/orders',
        {
          scopes_supported: ['orders:read'],
          resource_documentation: 'https://docs.example.com/orders',
        },
      ],
    ])('describes %s', async (path, members) => {
      const { status, json } = await watch.send(`${url}${PROTECTED}${path}`);
      expect([status, json]).toEqual([
        200,
        {
          resource: HOST + path,
          authorization_servers: [zone.issuer],
          bearer_methods_supported: ['header'],
          ...members,
        },
      ]);
      const server = await watch.send(`${url}${SERVER}${path}`);
      const endpoint = new URL(server.json.authorization_endpoint);
      expect(endpoint.searchParams.getAll('resource')).toEqual([HOST + path]);
    });

    it.each([
      PROTECTED,
      `${PROTECTED}/`,
      `${PROTECTED}/orders/open`,
      `${PROTECTED}/orders/`,
      `${PROTECTED}/ADMIN`,
      `${PROTECTED}/%61dmin`,
      `${PROTECTED}/listed`,
      `${PROTECTED}/unknown`,
      `${SERVER}/unknown`,
      SERVER,
    ])('has no document at %s', async (path) => {
      const answer = await watch.send(url + path);
      expect([answer.status, answer.json]).toEqual([
        404,
        {
          error: 'not_found',
          error_description: 'There is no such document.',
        },
      ]);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['access-control-allow-origin']).toBe('*');
    });

    it('routes outside of every area belong to the application’s own', async () => {
      const own = await tokenFor(`${HOST}/mcp`);
      const answer = await watch.send(`${url}${before}/other`, {
        headers: atHost(own),
      });
      expect(answer.json).toEqual({ resource: `${HOST}/mcp` });
      const orders = await tokenFor(`${HOST}/orders`);
      const refused = await watch.send(`${url}${before}/other`, {
        headers: atHost(orders),
      });
      expect(refused.status).toBe(401);
    });

    // Whatever a router takes for a path of an area, the area's audience counts.
    it.each([
      ['as it is', (path: string) => path],
      ['in capitals', (path: string) => path.replace('orders', 'ORDERS')],
      ['encoded', (path: string) => path.replace('orders', '%6frders')],
      [
        'encoded, in capitals',
        (path: string) => path.replace('orders', '%4Frders'),
      ],
      ['as an absolute URL', (path: string) => `http://other.example${path}`],
      [
        'as an absolute URL with a user',
        (path: string) => `http://a:b@other.example:1${path}`,
      ],
      ['with a slash more', (path: string) => `${path}/`],
      [
        'with two slashes',
        (path: string) => path.replace('/orders', '//orders'),
      ],
      [
        'with a backslash',
        (path: string) => path.replace('/orders', '\\orders'),
      ],
      ['with a fragment', (path: string) => `${path}#x`],
      ['with a query', (path: string) => `${path}?x=/mcp`],
      ['with a semicolon', (path: string) => `${path};x=1`],
    ])('no way around an area: %s', async (_case, change) => {
      const own = await tokenFor(`${HOST}/mcp`, 'orders:read');
      const orders = await tokenFor(`${HOST}/orders`, 'orders:read');
      for (const path of [
        `${before}/orders/open`,
        `${before}/orders/7/lines`,
      ]) {
        const send = (token: string) =>
          watch.send(url, {
            path: change(path),
            headers: atHost(token),
          });
        const refused = await send(own);
        const allowed = await send(orders);
        // Not every router finds the route; those that do check the token.
        expect([refused.status, allowed.status]).toSatisfy(
          ([no, yes]: [number, number]) =>
            (no === 401 && yes === 200) || (no >= 400 && no === yes),
          `${refused.status}, ${allowed.status}`,
        );
        expect(refused.status).not.toBe(200);
      }
    });
  });
});

@Controller()
class EmptyController {}

const feature = (resourceUrl: string, extra: object = {}) =>
  KeycardModule.forFeature({ resourceUrl, ...extra });

describe('mistakes about resources stop the boot', () => {
  it.each<[string, object[], string[]]>([
    [
      'one URL twice',
      [feature(`${HOST}/a`), feature(`${HOST}/a`)],
      [`${HOST}/a`, 'path of its own'],
    ],
    [
      'one path twice',
      [feature(`${HOST}/a`), feature('https://other.example.com/a')],
      [`${HOST}/a`, 'https://other.example.com/a'],
    ],
    [
      'paths that only differ in case',
      [feature(`${HOST}/a`), feature(`${HOST}/A`)],
      [`${HOST}/a`, `${HOST}/A`],
    ],
    [
      'the path of the application’s own',
      [feature('https://other.example.com/mcp')],
      [`${HOST}/mcp`, 'https://other.example.com/mcp'],
    ],
    [
      'two MCP servers at one path',
      [
        feature(`${HOST}/a`, { mcp: true }),
        feature(`${HOST}/b`, { path: '/a', mcp: true }),
      ],
      [`${HOST}/b`],
    ],
    ['a URL that is none', [feature('mcp.example.com/a')], ['resourceUrl']],
    ['a path that is none', [feature(`${HOST}/a`, { path: 'a' })], ['path']],
    ['no audience', [feature(`${HOST}/a`, { audience: [] })], ['audience']],
  ])('%s', async (_case, imports, parts) => {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: 'http://localhost:9',
          resourceUrl: `${HOST}/mcp`,
          mcp: {},
        }),
        ...(imports as never[]),
      ],
      controllers: [EmptyController],
    })
    class AppModule {}
    const failure = await boot(AppModule).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure, 'the boot must fail').toBeInstanceOf(Error);
    for (const part of parts) expect(failure!.message).toContain(part);
  });
});
