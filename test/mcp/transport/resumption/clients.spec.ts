import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BreakingProxy } from '../../../support/breaking-proxy.js';
import { RESUMABLE_SESSIONS } from '../support/endpoint.harness.js';
import { useEndpoint } from '../support/use-endpoint.js';

const INFO = { name: 'client', version: '1' };
const options = {
  requestInit: { headers: { 'x-user': 'alice' } },
  reconnectionOptions: {
    initialReconnectionDelay: 10,
    maxReconnectionDelay: 50,
    reconnectionDelayGrowFactor: 1,
    maxRetries: 20,
  },
};

/** What the tests want of either client. */
interface AnyClient {
  /** @param onEventId told every event id that the client read */
  call(
    name: string,
    input: object,
    onEventId?: (id: string) => void,
  ): Promise<unknown>;
  readonly logs: unknown[];
  close(): Promise<void>;
}

async function connectV1(url: URL): Promise<AnyClient> {
  const client = new Client(INFO);
  const logs: unknown[] = [];
  client.setNotificationHandler(
    LoggingMessageNotificationSchema,
    ({ params }) => void logs.push(params.data),
  );
  await client.connect(new StreamableHTTPClientTransport(url, options));
  return {
    logs,
    call: async (name, input, onresumptiontoken) => {
      const params = { name, arguments: { ...input } };
      const callOptions = { ...(onresumptiontoken && { onresumptiontoken }) };
      return (await client.callTool(params, undefined, callOptions)).content;
    },
    close: () => client.close(),
  };
}

async function connectV2(url: URL): Promise<AnyClient> {
  const client = new ModernClient(INFO);
  const logs: unknown[] = [];
  client.setNotificationHandler(
    'notifications/message',
    ({ params }) => void logs.push(params.data),
  );
  await client.connect(new ModernTransport(url, options));
  return {
    logs,
    call: async (name, input, onresumptiontoken) => {
      const params = { name, arguments: { ...input } };
      const callOptions = { ...(onresumptiontoken && { onresumptiontoken }) };
      return (await client.callTool(params, callOptions)).content;
    },
    close: () => client.close(),
  };
}

describe.each([
  ['v1', connectV1],
  ['v2', connectV2],
])('the official client %s', (_version, connect) => {
  const harness = useEndpoint({
    sessions: {
      ...RESUMABLE_SESSIONS,
      resumption: {
        ...RESUMABLE_SESSIONS.resumption,
        primeInterval: 20,
        retryInterval: 10,
      },
    },
  });
  let proxy: BreakingProxy | undefined;

  async function start(): Promise<AnyClient> {
    proxy = new BreakingProxy([harness.port]);
    const port = await proxy.start();
    const client = await connect(new URL(`http://127.0.0.1:${port}/mcp`));
    await vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(1));
    return client;
  }

  afterEach(() => proxy?.stop());

  it('gets the rest of a call after its connection broke', async () => {
    const client = await start();
    const result = client.call('hang', { tag: 'a' });
    const context = await harness.dispatcher.running('a');
    for (let index = 0; index < 3; index += 1) {
      await context.log('info', index);
      await vi.waitFor(() => expect(client.logs).toHaveLength(index + 1));
      proxy!.break();
    }
    harness.dispatcher.release('a');

    expect(await result).toEqual([{ type: 'text', text: 'a' }]);
    expect(client.logs).toEqual([0, 1, 2]);
    await client.close();
  });

  it('gets the answer of a call that said nothing', async () => {
    const client = await start();
    const onEventId = vi.fn<(id: string) => void>();
    const result = client.call('hang', { tag: 'a' }, onEventId);
    await harness.dispatcher.running('a');
    await vi.waitFor(() => expect(onEventId).toHaveBeenCalled());
    proxy!.break();
    harness.dispatcher.release('a');

    expect(await result).toEqual([{ type: 'text', text: 'a' }]);
    await client.close();
  });

  it('polls for a call that let go of it', async () => {
    const client = await start();
    const result = client.call('hang', { tag: 'a' });
    const context = await harness.dispatcher.running('a');
    expect(context.releaseStream()).toBe(true);
    await context.log('info', 1);
    await vi.waitFor(() => expect(client.logs).toEqual([1]));
    expect(context.releaseStream()).toBe(true);
    harness.dispatcher.release('a');

    expect(await result).toEqual([{ type: 'text', text: 'a' }]);
    await client.close();
  });

  it('hears what was said while it was away', async () => {
    const client = await start();
    const tell = (data: number) =>
      harness.endpoint.broadcast({
        method: 'notifications/message',
        params: { level: 'info', data },
      });
    tell(0);
    // It has an event id from here on.
    await vi.waitFor(() => expect(client.logs).toEqual([0]));
    for (let index = 1; index < 4; index += 1) {
      proxy!.break();
      tell(index);
    }

    await vi.waitFor(() => expect(client.logs).toEqual([0, 1, 2, 3]), 5000);
    await client.close();
  });

  it('stays away from a call that failed', async () => {
    const client = await start();
    await expect(client.call('unknown', {})).rejects.toThrow('Unknown tool');
    const streamed = client.call('logs', { tag: 't' });
    await streamed;
    await vi.waitFor(() =>
      expect(harness.endpoint.stats()).toMatchObject({
        streams: 1,
        resumableStreams: 1,
      }),
    );
    await client.close();
  });
});
