import {
  Injectable,
  Module,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import {
  KeycardModule,
  McpTool,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { toolCall } from '../support/post.js';
import { Watch } from '../support/watch.js';

const HOST = 'https://mcp.example.com';
const MCP = `${HOST}/mcp`;
const AREA = `${HOST}/area`;

const versioned = (application: INestApplication) =>
  application.enableVersioning({
    type: VersioningType.URI,
    defaultVersion: '1',
  });

const SETTINGS: [string, (application: INestApplication) => void][] = [
  ['as it comes', () => undefined],
  ['with a global prefix', (app) => app.setGlobalPrefix('api')],
  ['with URI versioning', versioned],
  [
    'with prefix and versioning',
    (app) => versioned(app.setGlobalPrefix('api')),
  ],
];

describe.each(ADAPTERS)('places of metadata on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let zone: LocalZone;

  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    ping() {
      return 'pong';
    }
  }

  beforeAll(async () => {
    zone = await LocalZone.create().start();
  });
  afterAll(async () => {
    await zone.stop();
    watch.expectNoLeak();
  });

  const start = async (
    metadata: KeycardModuleOptions['metadata'],
    configure?: (application: INestApplication) => void,
    extra: KeycardModuleOptions = {},
  ) => {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: MCP,
          metadata,
          ...extra,
        }),
        KeycardModule.forFeature({ resourceUrl: AREA, audience: false }),
      ],
      providers: [Tools],
    })
    class AppModule {}
    const application = await boot(AppModule, {
      adapter: createAdapter(),
      logger: watch.logger,
      configure,
    });
    return { application, url: await application.getUrl() };
  };

  const resourceAt = async (url: string) =>
    (await watch.send(url)).json?.resource as unknown;

  const challengeOf = async (url: string) =>
    (
      await watch.post(`${url}/mcp`, toolCall('ping'), {
        host: 'mcp.example.com',
      })
    ).challenge;

  describe.each(SETTINGS)('%s', (_setting, configure) => {
    it('below a root of one’s own, besides the well-known one', async () => {
      const root = '/auth/.well-known';
      const { application, url } = await start({ root }, configure);
      for (const base of [root, '/.well-known']) {
        const name = `${url}${base}/oauth-protected-resource`;
        expect(await resourceAt(`${name}/mcp`)).toBe(MCP);
        expect(await resourceAt(`${name}/area`)).toBe(AREA);
        for (const path of ['/nothing', '/mcp/', '/MCP', '']) {
          const answer = await watch.send(name + path);
          expect([answer.status, answer.json.error]).toEqual([
            404,
            'not_found',
          ]);
        }
        const server = await watch.send(
          `${url}${base}/oauth-authorization-server/mcp`,
        );
        expect(server.json.issuer).toBe(zone.issuer);
      }
      const challenge = await challengeOf(url);
      await application.close();
      expect(challenge).toBe(
        `Bearer resource_metadata="${HOST}/.well-known/oauth-protected-resource/mcp"`,
      );
    });

    it('at single paths, which the challenge names', async () => {
      const { application, url } = await start(
        {
          protectedResource: '/meta/resource',
          authorizationServer: '/meta/server',
        },
        configure,
      );
      expect(await resourceAt(`${url}/meta/resource`)).toBe(MCP);
      const server = await watch.send(`${url}/meta/server`);
      const endpoint = new URL(server.json.authorization_endpoint);
      expect(endpoint.searchParams.getAll('resource')).toEqual([MCP]);
      for (const path of ['/meta/resource/mcp', '/meta/resource/', '/meta']) {
        expect((await watch.send(url + path)).status).toBe(404);
      }
      const preflight = await watch.send(`${url}/meta/resource`, {
        method: 'OPTIONS',
      });
      const posted = await watch.send(`${url}/meta/resource`, {
        method: 'POST',
      });
      const challenge = await challengeOf(url);
      await application.close();
      expect([preflight.status, posted.status]).toEqual([204, 405]);
      expect(posted.json.error).toBe('method_not_allowed');
      expect(challenge).toBe(
        `Bearer resource_metadata="${HOST}/meta/resource"`,
      );
    });
  });

  it('two endpoints at one path stop the boot', async () => {
    await expect(start({ protectedResource: '/mcp' })).rejects.toThrow(
      /Two endpoints are configured at \/mcp/,
    );
  });

  it('what is unsafe is named at boot, and where', async () => {
    const { application } = await start({}, undefined, { audience: false });
    await application.close();
    const off =
      'audience is false: every token of the zone is accepted, whatever it was issued for.';
    expect(watch.logger.lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(`^warn ${off}`),
        expect.stringMatching(`^warn ${AREA}: ${off}`),
      ]),
    );
  });

  it('a zone that is down is logged in our words only', async () => {
    const { application, url } = await start({});
    zone.script('discovery', {
      status: 500,
      body: watch.keep('secret-of-the-upstream'),
    });
    const answer = await watch.send(
      `${url}/.well-known/oauth-authorization-server/mcp`,
    );
    await application.close();
    expect(answer.status).toBe(502);
    expect(watch.logger.lines).toContainEqual(
      expect.stringMatching(/^warn The metadata .* cannot be read .*500/),
    );
  });
});
