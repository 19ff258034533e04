import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { describe, expect, it, vi } from 'vitest';
import {
  createSessionServer,
  createSharedServer,
} from '../../../lib/mcp/transport/protocol-server.js';
import type { McpLogLevel } from '../../../lib/mcp/context/log-level.js';
import { initialize } from './support/messages.js';

const introduction = {
  serverInfo: { name: 'test', version: '1' },
  capabilities: { logging: {} },
};
const setLevel = {
  jsonrpc: '2.0',
  id: 2,
  method: 'logging/setLevel',
  params: { level: 'emergency' },
};

async function talk(server: ReturnType<typeof createSharedServer>) {
  const sent: any[] = [];
  const transport: Transport = {
    start: async () => {},
    close: async () => {},
    send: async (message) => void sent.push(message),
  };
  await server.connect(transport);
  const capabilities = { roots: {} };
  transport.onmessage?.({ ...initialize({ capabilities }), id: 1 } as never);
  transport.onmessage?.(setLevel as never);
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  return sent;
}

describe('the server of the SDK', () => {
  it('remembers nothing about a client while it is shared', async () => {
    const server = createSharedServer(introduction);
    const sent = await talk(server);
    await server.sendLoggingMessage({ level: 'debug', data: 'all of them' });

    expect(server.getClientCapabilities()).toBeUndefined();
    expect(server.getClientVersion()).toBeUndefined();
    expect(sent.slice(0, 2).map(({ id, error }) => [id, error])).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
    expect(sent).toHaveLength(3);
  });

  it('knows its client in a session, and says which level it wants', async () => {
    const onLogLevel = vi.fn<(level: McpLogLevel) => void>();
    const server = createSessionServer(introduction, onLogLevel);
    await talk(server);

    expect(server.getClientCapabilities()).toEqual({ roots: {} });
    expect(server.getClientVersion()?.name).toBe('wire');
    expect(onLogLevel.mock.calls).toEqual([['emergency']]);
  });
});
