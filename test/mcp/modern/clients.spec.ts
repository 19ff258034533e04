import {
  Client,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { callTool, connectWithToken } from '../../support/mcp-client.js';
import { REVISION } from './support/modern-messages.js';
import { record } from './support/modern-tools.js';
import { ModernWorld } from './support/modern-world.js';

const MODES = [
  ['auto', 'auto'],
  ['pinned', { pin: REVISION }],
] as const;

describe.each(ADAPTERS)('the official clients on %s', (_name, adapter) => {
  let world: ModernWorld;
  beforeAll(async () => {
    world = await ModernWorld.start(adapter());
  });
  afterAll(() => world.stop());
  beforeEach(() => record.reset());

  const connect = async (
    mode: (typeof MODES)[number][1] | 'legacy',
    user: 'ada' | 'bob' | 'root' = 'ada',
  ): Promise<Client> => {
    const client = new Client(
      { name: 'test', version: '1.0.0' },
      {
        capabilities: { elicitation: { form: {} } },
        versionNegotiation: { mode },
      },
    );
    client.setRequestHandler('elicitation/create', () => ({
      action: 'accept',
      content: { ok: true },
    }));
    const transport = new StreamableHTTPClientTransport(new URL(world.url), {
      requestInit: { headers: world.bearer(user) },
    });
    await client.connect(transport);
    return client;
  };

  describe.each(MODES)('of version 2, %s', (_mode, mode) => {
    it('speak the modern era', async () => {
      const client = await connect(mode);
      expect(client.getProtocolEra()).toBe('modern');
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain('whoami');
      await client.close();
    });

    it('call as who they are, with structured output', async () => {
      const clients = await Promise.all([
        connect(mode, 'ada'),
        connect(mode, 'bob'),
      ]);
      const answers = await Promise.all(
        clients.map((client) => client.callTool({ name: 'whoami' })),
      );
      expect(answers.map(({ structuredContent }) => structuredContent)).toEqual(
        [
          expect.objectContaining({ subject: 'usr_ada', era: 'modern' }),
          expect.objectContaining({ subject: 'usr_bob', era: 'modern' }),
        ],
      );
      await Promise.all(clients.map((client) => client.close()));
    });

    it('hear of progress', async () => {
      const client = await connect(mode);
      const heard: number[] = [];
      await client.callTool(
        { name: 'count' },
        { onprogress: ({ progress }) => void heard.push(progress) },
      );
      expect(heard).toEqual([1, 3]);
      await client.close();
    });

    it('cancel', async () => {
      const client = await connect(mode);
      const controller = new AbortController();
      const call = client.callTool(
        { name: 'brood' },
        { signal: controller.signal },
      );
      const failed = expect(call).rejects.toThrow();
      await record.started.promise;
      controller.abort('enough');
      await failed;
      expect(await record.aborted.promise).toMatchObject({
        name: 'AbortError',
      });
      await client.close();
    });

    it('answer what a tool asks', async () => {
      const client = await connect(mode);
      const { structuredContent } = await client.callTool({
        name: 'deploy',
        arguments: { target: 'prod' },
      });
      expect(structuredContent).toEqual({
        target: 'prod',
        asked: 1,
        action: 'accept',
        content: { ok: true },
      });
      expect(record.runs).toEqual(['deploy', 'deploy']);
      await client.close();
    });

    it('repeat arguments in headers', async () => {
      const client = await connect(mode);
      await client.listTools();
      const { content } = await client.callTool({
        name: 'routed',
        arguments: { region: 'Zürich', size: 3, deep: { flag: false } },
      });
      expect(content).toEqual([{ type: 'text', text: 'to Zürich' }]);
      await client.close();
    });

    it('are told which scopes they lack', async () => {
      const client = await connect(mode);
      await expect(client.callTool({ name: 'purge' })).rejects.toThrow(
        /scope|403/i,
      );
      await client.close();
      const root = await connect(mode, 'root');
      const { content } = await root.callTool({ name: 'purge' });
      expect(content).toEqual([{ type: 'text', text: 'purged' }]);
      await root.close();
    });
  });

  it('of version 2 still speak the 2025 era', async () => {
    const client = await connect('legacy');
    expect(client.getProtocolEra()).toBe('legacy');
    const { structuredContent } = await client.callTool({ name: 'whoami' });
    expect(structuredContent).toMatchObject({ era: 'legacy' });
    await client.close();
  });

  it('of version 1 notice nothing', async () => {
    const client = await connectWithToken(world.url, world.tokens.ada);
    const { structuredContent } = await callTool(client, 'whoami');
    expect(structuredContent).toMatchObject({
      subject: 'usr_ada',
      era: 'legacy',
      session: expect.any(String),
    });
    await client.close();
  });
});
