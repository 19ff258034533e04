import { McpServers, type McpServerHandle } from 'nestjs-keycard';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { NotesWorld } from '../../support/notes.world.js';
import { post, request } from '../../support/post.js';
import {
  LISTENERS,
  stateOf,
  type ListeningClient,
} from './support/listening-clients.js';

const nothing = { handler: () => 'nothing' };

type Add = (
  server: McpServerHandle,
  n: number,
) => ReturnType<McpServerHandle['addTool']>;
type List = (client: ListeningClient['client']) => Promise<string[]>;

const namesOf = (entries: { name: string }[]) =>
  entries.map(({ name }) => name);

const KINDS: [kind: string, method: string, add: Add, list: List][] = [
  [
    'a tool',
    'tools/list_changed',
    (server, n) =>
      server.addTool({ name: `late_${n}`, description: 'Late', ...nothing }),
    async (client) => namesOf((await client.listTools()).tools),
  ],
  [
    'a prompt',
    'prompts/list_changed',
    (server, n) => server.addPrompt({ name: `late_${n}`, ...nothing }),
    async (client) => namesOf((await client.listPrompts()).prompts),
  ],
  [
    'a resource',
    'resources/list_changed',
    (server, n) =>
      server.addResource({ name: `late_${n}`, uri: `late://${n}`, ...nothing }),
    async (client) => namesOf((await client.listResources()).resources),
  ],
  [
    'a template of resources',
    'resources/list_changed',
    (server, n) =>
      server.addResource({
        name: `late_${n}`,
        uri: `late-${n}://{id}`,
        ...nothing,
      }),
    async (client) =>
      namesOf((await client.listResourceTemplates()).resourceTemplates),
  ],
];

describe.each(ADAPTERS)('a list that changes on %s', (_name, createAdapter) => {
  let world: NotesWorld;
  let server: McpServerHandle;
  beforeAll(async () => {
    world = await NotesWorld.start(createAdapter());
    server = world.application.get(McpServers).get();
  });
  afterAll(() => world.stop());

  describe.each(LISTENERS)('is told to %s', (_era, listen) => {
    let listener: ListeningClient;
    beforeEach(async () => {
      listener = await listen(world.url, world.bearer(), world.application);
    });
    afterEach(async () => {
      await listener.close();
      await vi.waitFor(() =>
        expect(stateOf(world.application)).toEqual({
          sessions: 0,
          streams: 0,
          listeners: 0,
        }),
      );
    });

    it('announces that it can', () => {
      const { tools, prompts, resources } =
        listener.client.getServerCapabilities();
      expect(tools).toEqual({ listChanged: true });
      expect(prompts).toEqual({ listChanged: true });
      expect(resources).toEqual({ listChanged: true, subscribe: true });
    });

    it.each(KINDS)('with %s', async (_kind, method, add, list) => {
      const { client, heard } = listener;
      const registration = await add(server, 1);
      await vi.waitFor(() => expect(heard).toEqual([method]));
      expect(await list(client)).toContain('late_1');
      registration.remove();
      await vi.waitFor(() => expect(heard).toEqual([method, method]));
      expect(await list(client)).not.toContain('late_1');
    });

    it('once for all that happens in one turn', async () => {
      const [, , add] = KINDS[0]!;
      const many = Array.from({ length: 50 }, (_, n) => add(server, n));
      const registrations = await Promise.all(many);
      const { heard } = listener;
      await vi.waitFor(() => expect(heard).toEqual(['tools/list_changed']));
      for (const registration of registrations) registration.remove();
      await vi.waitFor(() => expect(heard).toHaveLength(2));
      // Whatever else were told by now would have come before this.
      const last = await server.addPrompt({ name: 'last', ...nothing });
      last.remove();
      await vi.waitFor(() => expect(heard).toContain('prompts/list_changed'));
      expect(heard.slice(0, -1)).toEqual([
        'tools/list_changed',
        'tools/list_changed',
      ]);
    });
  });
});

describe('a server without sessions', () => {
  it('does not promise to clients of 2025 what it cannot deliver', async () => {
    const { ExpressAdapter } = await import('@nestjs/platform-express');
    const world = await NotesWorld.start(new ExpressAdapter(), {
      mcp: { sessions: false },
    });
    try {
      const initialize = request('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      });
      const { json } = await post(world.url, initialize, world.bearer());
      expect(json.result.capabilities).toEqual({
        tools: {},
        prompts: {},
        resources: {},
        completions: {},
        logging: {},
      });
      const subscribe = request('resources/subscribe', {
        uri: 'notes://index',
      });
      const refused = await post(world.url, subscribe, world.bearer());
      expect(refused.json.error).toEqual({
        code: -32000,
        message:
          'Subscribing to a resource needs a session, and this request came without one',
      });
    } finally {
      await world.stop();
    }
  });
});
