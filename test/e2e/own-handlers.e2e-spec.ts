import {
  Module,
  type DynamicModule,
  type HttpServer,
  type INestApplication,
  type MiddlewareConsumer,
  type NestModule,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { KeycardMiddleware, TokenExchangeService } from 'nestjs-keycard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { callTool, connectWithToken, textOf } from '../support/mcp-client.js';
import {
  createStatelessV1,
  type OwnEndpoint,
} from '../support/own-server/own-endpoints.js';
import {
  serve,
  startOwnWorld,
  type OwnParts,
  type OwnPlace,
  type OwnWorld,
} from '../support/own-server/own-world.js';
import { bearer, toolCall } from '../support/post.js';

const PATH = '/own/mcp';

type Handler = (request: any, response: any) => unknown;

/** A handler of the HTTP server, which no guard comes to. */
function mount(adapter: HttpServer, handler: Handler): void {
  adapter.post(PATH, handler);
}

const plainModule = ({ keycard }: OwnParts): DynamicModule => ({
  module: class PlainModule {},
  imports: [...keycard],
});

/** What another module may do when it starts. */
function createMountingModule(parts: OwnParts): DynamicModule {
  @Module({})
  class MountingModule implements OnModuleInit, NestModule {
    constructor(
      private readonly host: HttpAdapterHost,
      private readonly exchange: TokenExchangeService,
    ) {}

    configure(consumer: MiddlewareConsumer) {
      consumer.apply(KeycardMiddleware).forRoutes('own/mcp');
    }

    onModuleInit() {
      const endpoint = parts.open(this.exchange);
      mount(this.host.httpAdapter, (request, response) =>
        serve(endpoint, request, response),
      );
    }
  }
  return { module: MountingModule, imports: [...parts.keycard] };
}

const openIn = (application: INestApplication, parts: OwnParts): OwnEndpoint =>
  parts.open(application.get(TokenExchangeService));

const WAYS: [string, OwnPlace][] = [
  [
    'behind a middleware of Nest',
    { createModule: createMountingModule, isFeature: true },
  ],
  [
    'behind a middleware of main.ts',
    {
      createModule: plainModule,
      configure: (application, parts) => {
        application.use(PATH, application.get(KeycardMiddleware).use);
        const endpoint = openIn(application, parts);
        mount(application.getHttpAdapter(), (request, response) =>
          serve(endpoint, request, response),
        );
      },
    },
  ],
  [
    'in a handler that is wrapped',
    {
      createModule: plainModule,
      isFeature: true,
      configure: (application, parts) => {
        const keycard = application.get(KeycardMiddleware);
        const endpoint = openIn(application, parts);
        mount(application.getHttpAdapter(), (request, response) =>
          keycard.use(request, response, () =>
            serve(endpoint, request, response),
          ),
        );
      },
    },
  ],
];

/** What routers may take for the path. */
const DISGUISES = [
  '/OWN/MCP',
  '/own/mcp/',
  '//own/mcp',
  '/own//mcp',
  '/%6fwn/mcp',
  '/own/%6dcp',
  '/own%2fmcp',
  '/./own/mcp',
  '/own/mcp;x=1',
  '/own/mcp?x',
  'http://localhost/own/mcp',
];

describe.each(ADAPTERS)('handlers of the server on %s', (_name, adapter) => {
  describe.each(WAYS)('%s', (_way, place) => {
    let world: OwnWorld;
    beforeAll(async () => {
      world = await startOwnWorld(adapter, createStatelessV1, place);
    });
    beforeEach(() => {
      world.tools.runs.length = 0;
    });
    afterAll(async () => {
      await world.stop();
      world.watch.expectNoLeak();
    });

    it('refuse whoever has no token', async () => {
      const answer = await world.watch.post(world.url, toolCall('whoami'));
      expect(answer.status).toBe(401);
      expect(answer.challenge).toBe(
        `Bearer scope="mcp:tools", resource_metadata="${world.metadataUrl}"`,
      );
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.json.error).toBe('unauthorized');
      expect(world.tools.runs).toEqual([]);
    });

    it('refuse a token for another resource', async () => {
      const { status, challenge } = await world.watch.post(
        world.url,
        toolCall('whoami'),
        bearer(await world.foreignToken()),
      );
      expect(status).toBe(401);
      expect(challenge).toContain('error="invalid_token"');
      expect(world.tools.runs).toEqual([]);
    });

    it('refuse a token without the scope of the resource', async () => {
      const { status, challenge } = await world.watch.post(
        world.url,
        toolCall('whoami'),
        bearer(await world.token('calendar:write')),
      );
      expect(status).toBe(403);
      expect(challenge).toContain('scope="mcp:tools"');
      expect(world.tools.runs).toEqual([]);
    });

    it.each(DISGUISES)('let nobody in at %s', async (path) => {
      const { status } = await world.watch.send(world.origin, {
        method: 'POST',
        path,
        body: JSON.stringify(toolCall('whoami')),
        headers: {
          host: 'localhost',
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
        },
      });
      expect([401, 404]).toContain(status);
      expect(world.tools.runs).toEqual([]);
    });

    it('serve each caller, and call the API in their name', async () => {
      const client = await connectWithToken(
        world.url,
        await world.token('mcp:tools'),
      );
      const events = await callTool(client, 'list_events');
      await client.close();
      expect(textOf(events)).toBe('{"events":["of usr_ada"]}');
      expect(world.tools.given.join()).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
    });
  });
});
