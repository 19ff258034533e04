import {
  Controller,
  Get,
  Injectable,
  Module,
  type INestApplication,
} from '@nestjs/common';
import {
  ClientSecret,
  KeycardModule,
  McpTool,
  Principal,
  Protected,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { startOpaqueTokenServer } from '../support/opaque-token-server.js';
import { bearer, toolCall } from '../support/post.js';
import { createProver, type Prover } from '../support/proof.js';
import { Watch, type WatchedAnswer } from '../support/watch.js';

const MCP = 'https://mcp.example.com/mcp';
const API = { clientId: 'api', clientSecret: 'introspection-secret-of-api' };

interface Place {
  readonly method: string;
  readonly publicUrl: string;
  send(url: string, headers: Record<string, string>): Promise<WatchedAnswer>;
}

describe.each(ADAPTERS)(
  'opaque tokens of oidc-provider on %s',
  (_name, createAdapter) => {
    const watch = new Watch();
    let runs = 0;
    let server: Awaited<ReturnType<typeof startOpaqueTokenServer>>;
    let prover: Prover;
    let application: INestApplication;
    let url: string;

    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests', scopes: 'notes' })
      whoami(principal: Principal) {
        runs += 1;
        return describePrincipal(principal);
      }
    }

    @Controller('route')
    class RouteController {
      @Get()
      @Protected()
      whoami(principal: Principal) {
        runs += 1;
        return describePrincipal(principal);
      }
    }

    const start = async (options: Partial<KeycardModuleOptions> = {}) => {
      @Module({
        imports: [
          KeycardModule.forRoot({
            zoneUrl: server.issuer,
            resourceUrl: MCP,
            applicationCredential: new ClientSecret(
              API.clientId,
              API.clientSecret,
            ),
            tokens: { dpop: true, introspection: { cacheLifetime: 0 } },
            ...options,
          }),
        ],
        controllers: [RouteController],
        providers: [Tools],
      })
      class AppModule {}
      return boot(AppModule, {
        adapter: createAdapter(),
        logger: watch.logger,
      });
    };

    beforeAll(async () => {
      server = await startOpaqueTokenServer(API);
      watch.keep(API.clientSecret);
      prover = await createProver();
      application = await start();
      url = await application.getUrl();
    });
    beforeEach(() => {
      runs = 0;
    });
    afterAll(async () => {
      await application.close();
      server.stop();
      watch.expectNoLeak();
    });

    const PLACES: [string, Place][] = [
      [
        'the MCP endpoint',
        {
          method: 'POST',
          publicUrl: MCP,
          send: (at, headers) =>
            watch.post(`${at}/mcp`, toolCall('whoami'), {
              host: 'mcp.example.com',
              ...headers,
            }),
        },
      ],
      [
        'an HTTP route',
        {
          method: 'GET',
          publicUrl: 'https://mcp.example.com/route',
          send: (at, headers) => watch.send(`${at}/route`, { headers }),
        },
      ],
    ];

    describe.each(PLACES)('at %s', (_place, place) => {
      it('let their user in', async () => {
        const token = watch.keep(await server.accessToken({ resource: MCP }));
        const answer = await place.send(url, bearer(token));
        expect(answer.status).toBe(200);
        expect(answer.json.result?.structuredContent ?? answer.json).toEqual({
          subject: 'usr_ada',
          clientId: 'desktop',
          scopes: ['notes'],
          audience: [MCP],
          issuer: server.issuer,
        });
      });

      it.each<[string, () => Promise<string>]>([
        [
          'for another resource',
          () => server.accessToken({ resource: `${MCP}/other` }),
        ],
        ['for no resource', () => server.accessToken({})],
        ['that refresh', () => server.refreshToken({ resource: MCP })],
        [
          'that were revoked',
          async () => {
            const token = await server.accessToken({ resource: MCP });
            await server.revoke(token);
            return token;
          },
        ],
        ['that nobody issued', async () => 'x'.repeat(43)],
        [
          'bound to a key, without a proof',
          () => server.accessToken({ resource: MCP, jkt: prover.thumbprint }),
        ],
      ])('do not let in when they are %s', async (_case, issue) => {
        const before = server.asked;
        const token = watch.keep(await issue());
        const answer = await place.send(url, bearer(token));
        expect([answer.status, answer.json.error]).toEqual([
          401,
          'invalid_token',
        ]);
        expect([server.asked - before, runs]).toEqual([1, 0]);
      });

      it('let in with a proof of the key they are bound to', async () => {
        const token = watch.keep(
          await server.accessToken({ resource: MCP, jkt: prover.thumbprint }),
        );
        const send = async (who: Prover) => {
          const proof = await who.prove(place.method, place.publicUrl, token);
          const authorization = `DPoP ${token}`;
          return place.send(url, { authorization, dpop: proof });
        };
        const statuses = [
          (await send(prover)).status,
          (await send(await createProver())).status,
        ];
        expect([statuses, runs]).toEqual([[200, 401], 1]);
      });

      it('are refused from the moment they are revoked', async () => {
        const token = watch.keep(await server.accessToken({ resource: MCP }));
        const before = await place.send(url, bearer(token));
        await server.revoke(token);
        const after = await place.send(url, bearer(token));
        expect([before.status, after.status]).toEqual([200, 401]);
      });
    });

    it('need the scope of a tool', async () => {
      const token = watch.keep(
        await server.accessToken({ resource: MCP, scope: 'other' }),
      );
      const answer = await watch.post(`${url}/mcp`, toolCall('whoami'), {
        host: 'mcp.example.com',
        ...bearer(token),
      });
      expect(answer.status).toBe(403);
      expect(answer.challenge).toContain('scope="notes"');
    });

    it('cannot be judged by an application the server does not know', async () => {
      const stranger = await start({
        applicationCredential: new ClientSecret('api', 'wrong-secret-of-api'),
      });
      const token = watch.keep(await server.accessToken({ resource: MCP }));
      const answer = await watch.send(`${await stranger.getUrl()}/route`, {
        headers: bearer(token),
      });
      await stranger.close();
      expect([answer.status, answer.json.error]).toEqual([
        503,
        'temporarily_unavailable',
      ]);
    });
  },
);

function describePrincipal(principal: Principal) {
  const { subject, clientId, scopes, audience, issuer } = principal;
  return { subject, clientId, scopes, audience, issuer };
}
