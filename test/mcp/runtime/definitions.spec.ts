import { Injectable } from '@nestjs/common';
import {
  GrantDefinitionError,
  KeycardModule,
  McpDefinitionError,
  McpServers,
  McpTool,
  SchemaDefinitionError,
  type McpServerHandle,
} from 'nestjs-keycard';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CALENDAR, ToolWorld } from '../invocation/tool-world.js';

@Injectable()
class Declared {
  @McpTool({ description: 'Was declared' })
  taken() {
    return 'declared';
  }
}

const handler = () => 'late';
const description = 'Added late';

type Attempt = (server: McpServerHandle) => Promise<unknown>;

const MISTAKES: [what: string, attempt: Attempt, message: string][] = [
  [
    'the name of a decorated tool',
    (server) => server.addTool({ name: 'taken', description, handler }),
    'named "taken": Declared.taken and addTool("taken")',
  ],
  [
    'no description',
    (server) => server.addTool({ name: 'a', description: ' ', handler }),
    'addTool("a") has no description',
  ],
  [
    'a name that cannot be',
    (server) => server.addTool({ name: 'a b', description, handler }),
    '"a b" is not a name for MCP',
  ],
  [
    'scopes that cannot be',
    (server) =>
      server.addTool({ name: 'a', description, handler, scopes: ['a"b'] }),
    'addTool("a"):',
  ],
  [
    'a timeout that cannot be',
    (server) =>
      server.addTool({ name: 'a', description, handler, timeout: -1 }),
    'addTool("a"): `timeout`',
  ],
  [
    'a header where none can be',
    (server) =>
      server.addTool({
        name: 'a',
        description,
        handler,
        input: {
          type: 'object',
          properties: { list: { type: 'array', 'x-mcp-header': 'List' } },
        },
      }),
    'addTool("a"): x-mcp-header at list',
  ],
  [
    'a URI that is none',
    (server) => server.addResource({ name: 'a', uri: 'nothing', handler }),
    'addResource("a"): "nothing" is not a URI',
  ],
  [
    'an input without variables',
    (server) =>
      server.addResource({
        name: 'a',
        uri: 'a://b',
        handler,
        input: z.object({}),
      }),
    'addResource("a") takes an input',
  ],
  [
    'a list without variables',
    (server) =>
      server.addResource({ name: 'a', uri: 'a://b', handler, list: () => [] }),
    'addResource("a").list belongs to a resource with one URI',
  ],
  [
    'a variable that is not there',
    (server) =>
      server.addResource({
        name: 'a',
        uri: 'a://{b}',
        handler,
        complete: { c: () => [] },
      }),
    'addResource("a").complete completes "c"',
  ],
  [
    'a prompt that takes an object',
    (server) =>
      server.addPrompt({
        name: 'a',
        handler,
        input: z.object({ b: z.object({}) }),
      }),
    'addPrompt("a"): the argument "b" is an object',
  ],
];

describe('what is added at run time', () => {
  let world: ToolWorld;
  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterEach(() => world.closeAll());
  afterAll(() => world.stop());

  const serversOf = async (...args: Parameters<ToolWorld['serve']>) => {
    const { application } = await world.serve(...args);
    return application.get(McpServers);
  };

  it.each(MISTAKES)('is refused with %s', async (_what, attempt, message) => {
    const servers = await serversOf({ providers: [Declared] });
    const failure = await attempt(servers.get()).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(McpDefinitionError);
    expect((failure as Error).message).toContain(message);
  });

  it('is refused with a schema that cannot work', async () => {
    const server = (await serversOf({ providers: [Declared] })).get();
    const input = { a: z.string() } as never;
    await expect(
      server.addTool({ name: 'a', description, handler, input }),
    ).rejects.toBeInstanceOf(SchemaDefinitionError);
  });

  it('is refused with grants that nothing can be exchanged for', async () => {
    const options = { applicationCredential: undefined };
    const servers = await serversOf({ providers: [Declared], options });
    const server = servers.get();
    await expect(
      server.addTool({ name: 'a', description, handler, grants: CALENDAR }),
    ).rejects.toBeInstanceOf(GrantDefinitionError);
  });

  it('is served by a server that had nothing before', async () => {
    const served = await world.serve({});
    const server = served.application.get(McpServers).get();
    expect(await served.call('first')).not.toHaveProperty('result');
    await Promise.all([
      server.addTool({ name: 'first', description, handler }),
      server.addTool({ name: 'second', description, handler }),
    ]);
    expect(await served.text('first')).toBe('late');
    expect(await served.names()).toEqual(['first', 'second']);
  });

  it('is served from the start by a server that has nothing else', async () => {
    @Injectable()
    class Plugin {
      constructor(private readonly servers: McpServers) {}

      async onModuleInit() {
        const server = this.servers.get();
        await server.addTool({ name: 'only', description, handler });
      }
    }
    const served = await world.serve({ providers: [Plugin] });
    expect(await served.text('only')).toBe('late');
  });

  describe('belongs to one of several servers', () => {
    const admin = KeycardModule.forFeature({
      resourceUrl: 'http://localhost:8000/admin',
      name: 'Admin',
      mcp: true,
    });

    it.each([
      ['path', '/admin'],
      ['name', 'Admin'],
    ])('found by its %s', async (_by, wanted) => {
      const imports = [{ module: class AdminModule {}, imports: [admin] }];
      const servers = await serversOf({ imports, providers: [Declared] });
      expect(servers.get(wanted)).toBe(servers.get('/admin'));
      expect(servers.get(wanted).path).toBe('/admin');
      expect(servers.get().path).toBe('/mcp');
      expect(servers.all.map(({ path }) => path)).toEqual(['/mcp', '/admin']);
      const tool = { name: 'taken', description, handler };
      // A name is taken on one server, and free on another.
      await servers.get(wanted).addTool(tool);
    });

    it('and not found by any other', async () => {
      const servers = await serversOf({ providers: [Declared] });
      expect(() => servers.get('/other')).toThrow(McpDefinitionError);
      expect(() => servers.get('other')).toThrow(
        'There is no one MCP server "other". Known are: /mcp.',
      );
    });

    it('and not found where there is none', async () => {
      const servers = await serversOf({ options: { mcp: false } });
      expect(() => servers.get()).toThrow('There is no one MCP server of');
    });
  });
});
