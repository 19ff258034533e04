import {
  Controller,
  UseGuards,
  type DynamicModule,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  McpContext,
  McpController,
  McpHttpControllerFor,
  McpStrategy,
  StreamableHttpTransport,
  Tool,
} from '@rekog/mcp-nest';
import {
  AccessContext,
  Grant,
  KeycardAuthGuard,
  KeycardMiddleware,
  Principal,
  principalOf,
  Protected,
  RequireScopes,
  RequireToolScopes,
} from 'nestjs-keycard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADAPTERS } from '../support/adapters.js';
import { callTool, connectWithToken, textOf } from '../support/mcp-client.js';
import {
  startOwnWorld,
  type OwnParts,
  type OwnPlace,
  type OwnWorld,
} from '../support/own-server/own-world.js';
import { bearer, toolCall } from '../support/post.js';

let runs: string[] = [];

/** Tools of the other module, with our decorators on them. */
function createTools(calendar: string): Type {
  @McpController()
  @UseGuards(KeycardAuthGuard)
  class Tools {
    @Tool({
      name: 'whoami',
      description: 'Who is calling',
      parameters: z.object({}),
    })
    whoami(@Ctx() context: McpContext) {
      runs.push('whoami');
      return principalOf(context.getRawRequest<object>()).subject;
    }

    @Tool({
      name: 'list_events',
      description: 'Events',
      parameters: z.object({}),
    })
    @Grant(calendar)
    async listEvents(@Payload() _input: object, access: AccessContext) {
      runs.push('list_events');
      return (await access.fetch(calendar, '/events')).text();
    }

    @Tool({
      name: 'create_event',
      description: 'Creates',
      parameters: z.object({}),
    })
    @RequireScopes('calendar:write')
    create(principal: Principal) {
      runs.push('create_event');
      return `created for ${principal.subject}`;
    }

    @Tool({ name: 'purge', description: 'Purges', parameters: z.object({}) })
    @RequireScopes('calendar:purge')
    purge() {
      runs.push('purge');
      return 'purged';
    }

    @Tool({ name: 'locked', description: 'Locked', parameters: z.object({}) })
    @Protected()
    locked(principal: Principal) {
      runs.push('locked');
      return principal.subject;
    }
  }
  return Tools;
}

const createStrategy = (transport: StreamableHttpTransport) =>
  new McpStrategy({ name: 'other', version: '1.0.0', transports: [transport] });

async function startStrategy(
  application: INestApplication,
  strategy: McpStrategy,
) {
  strategy.setHttpAdapter(application.getHttpAdapter() as never);
  application.connectMicroservice({ strategy });
  await application.startAllMicroservices();
}

/** The module's controller, with our decorators: what its users should do. */
function withController(): OwnPlace {
  const transport = new StreamableHttpTransport();
  const strategy = createStrategy(transport);
  return {
    isFeature: true,
    createModule: ({ keycard, calendar }: OwnParts): DynamicModule => {
      @Controller('own/mcp')
      @RequireToolScopes({ create_event: 'calendar:write' })
      class Endpoint extends McpHttpControllerFor(transport) {}
      return {
        module: class OtherModule {},
        imports: [...keycard],
        controllers: [Endpoint, createTools(calendar)],
      };
    },
    configure: (application) => startStrategy(application, strategy),
  };
}

/** The module's own route, with our middleware in front of it. */
function withMiddleware(): OwnPlace {
  const strategy = createStrategy(
    new StreamableHttpTransport({ endpoint: '/own/mcp' }),
  );
  return {
    createModule: ({ keycard, calendar }: OwnParts): DynamicModule => ({
      module: class OtherModule {},
      imports: [...keycard],
      controllers: [createTools(calendar)],
    }),
    configure: (application) => {
      application.use('/own/mcp', application.get(KeycardMiddleware).use);
      return startStrategy(application, strategy);
    },
  };
}

const WAYS: [string, () => OwnPlace][] = [
  ['through its controller', withController],
  ['through its own route', withMiddleware],
];

const noEndpoint = () => () => Promise.resolve();

describe.each(ADAPTERS)('MCP-Nest on %s', (_name, adapter) => {
  describe.each(WAYS)('%s', (_way, createPlace) => {
    let world: OwnWorld;
    beforeAll(async () => {
      world = await startOwnWorld(adapter, noEndpoint, createPlace());
    });
    beforeEach(() => {
      runs = [];
    });
    afterAll(async () => {
      await world.stop();
      world.watch.expectNoLeak();
    });

    const call = async (name: string, scope = 'mcp:tools', user?: string) => {
      const token = await world.token(scope, user);
      const client = await connectWithToken(world.url, token);
      try {
        return await callTool(client, name);
      } finally {
        await client.close();
      }
    };

    it.each(['POST', 'GET', 'DELETE'])(
      'refuses %s without a token',
      async (method) => {
        const { status, challenge } = await world.watch.send(world.url, {
          method,
        });
        expect(status).toBe(401);
        expect(challenge).toBe(
          `Bearer scope="mcp:tools", resource_metadata="${world.metadataUrl}"`,
        );
        expect(runs).toEqual([]);
      },
    );

    it('refuses a token for another resource', async () => {
      const { status } = await world.watch.post(
        world.url,
        toolCall('whoami'),
        bearer(await world.foreignToken()),
      );
      expect(status).toBe(401);
      expect(runs).toEqual([]);
    });

    it('tells tools who is calling', async () => {
      expect(textOf(await call('whoami', 'mcp:tools', 'usr_bob'))).toContain(
        'usr_bob',
      );
      expect(textOf(await call('locked'))).toContain('usr_ada');
    });

    it('exchanges what a tool declares', async () => {
      expect(textOf(await call('list_events'))).toContain('of usr_ada');
      expect(world.callers.at(-1)).toMatchObject({
        subject: 'usr_ada',
        audience: [world.calendar],
      });
    });

    it('lets nobody call a tool without its scope', async () => {
      expect((await call('purge')).isError).toBe(true);
      expect(runs).toEqual([]);
      const created = await call('create_event', 'mcp:tools calendar:write');
      expect(textOf(created)).toContain('created for usr_ada');
    });
  });

  it('asks for the scope of a tool with 403, through its controller', async () => {
    const world = await startOwnWorld(adapter, noEndpoint, withController());
    runs = [];
    const { status, challenge } = await world.watch.post(
      world.url,
      toolCall('create_event'),
      bearer(await world.token('mcp:tools')),
    );
    await world.stop();
    expect(status).toBe(403);
    expect(challenge).toContain('scope="mcp:tools calendar:write"');
    expect(runs).toEqual([]);
  });
});
