import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, vi } from 'vitest';
import { useEndpoint } from './support/use-endpoint.js';

const INFO = { name: 'client', version: '1' };
const requestInit = { headers: { 'x-user': 'alice' } };

describe('official clients', () => {
  const harness = useEndpoint();

  async function start(sessions: boolean): Promise<void> {
    await harness.restart(sessions ? {} : { sessions });
  }

  describe.each([true, false])('v1 with sessions: %s', (sessions) => {
    async function connect(capabilities: object = {}) {
      await start(sessions);
      const client = new Client(INFO, { capabilities });
      const transport = new StreamableHTTPClientTransport(harness.url, {
        requestInit,
      });
      await client.connect(transport);
      return { client, transport };
    }

    it('lists and calls', async () => {
      const { client, transport } = await connect();
      const { tools } = await client.listTools();
      const result = await client.callTool({
        name: 'echo',
        arguments: { message: 'hi' },
      });
      await client.ping();

      expect(transport.sessionId !== undefined).toBe(sessions);
      expect(tools.map(({ name }) => name)).toEqual(['echo']);
      expect(result.content).toEqual([{ type: 'text', text: 'hi' }]);
      await transport.terminateSession();
      await client.close();
    });

    it('hears progress and logs', async () => {
      const { client } = await connect();
      const progress: number[] = [];
      const logs: unknown[] = [];
      client.setNotificationHandler(
        LoggingMessageNotificationSchema,
        ({ params }) => void logs.push(params.data),
      );
      await client.callTool({ name: 'progress' }, undefined, {
        onprogress: (event) => progress.push(event.progress),
      });
      await client.setLoggingLevel('warning');
      await client.callTool({
        name: 'logs',
        arguments: { tag: 't', levels: ['info', 'error'] },
      });

      expect(progress).toEqual([1, 2]);
      expect(logs).toHaveLength(sessions ? 1 : 2);
      await client.close();
    });

    it('cancels', async () => {
      const { client } = await connect();
      const controller = new AbortController();
      const pending = client.callTool(
        { name: 'hang', arguments: { tag: 'c' } },
        undefined,
        { signal: controller.signal },
      );
      const context = await harness.dispatcher.running('c');
      controller.abort('enough');

      await expect(pending).rejects.toThrow('enough');
      if (sessions) {
        await vi.waitFor(() => expect(context.signal.aborted).toBe(true));
      }
      await client.close();
    });

    it('can be asked, with a session', async () => {
      const { client } = await connect({ elicitation: { form: {} } });
      client.setRequestHandler(ElicitRequestSchema, async () => ({
        action: 'accept' as const,
        content: {},
      }));
      const answer = client.callTool({ name: 'ask' });

      if (sessions) {
        expect((await answer).content).toEqual([
          { type: 'text', text: 'accept' },
        ]);
      } else await expect(answer).rejects.toThrow('without a session');
      await client.close();
    });
  });

  it('v1 hears that the list of tools changed', async () => {
    await start(true);
    const client = new Client(INFO);
    const heard = new Promise<void>((resolve) =>
      client.setNotificationHandler(ToolListChangedNotificationSchema, () =>
        resolve(),
      ),
    );
    await client.connect(
      new StreamableHTTPClientTransport(harness.url, { requestInit }),
    );
    await vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(1));
    harness.endpoint.broadcast({ method: 'notifications/tools/list_changed' });

    await heard;
    await client.close();
  });

  const modes = [undefined, { mode: 'auto' as const }];
  const combinations = modes.flatMap((versionNegotiation) =>
    [true, false].map((sessions) => ({ versionNegotiation, sessions })),
  );

  it.each(combinations)(
    'v2 lists, calls and hears progress: %j',
    async ({ versionNegotiation, sessions }) => {
      await start(sessions);
      const client = new ModernClient(INFO, {
        ...(versionNegotiation && { versionNegotiation }),
      });
      await client.connect(new ModernTransport(harness.url, { requestInit }));
      const progress: number[] = [];
      const { tools } = await client.listTools();
      const result = await client.callTool(
        { name: 'progress' },
        {
          onprogress: (event) => progress.push(event.progress),
        },
      );

      expect(tools.map(({ name }) => name)).toEqual(['echo']);
      expect(result.content).toEqual([{ type: 'text', text: 'done' }]);
      expect(progress).toEqual([1, 2]);
      await client.close();
    },
  );
});
