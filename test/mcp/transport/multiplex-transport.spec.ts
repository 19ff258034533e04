import type { IncomingMessage } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import type { DirectDispatcher } from '../../../lib/mcp/transport/direct-dispatcher.js';
import type { HttpExchange } from '../../../lib/mcp/transport/http-exchange.js';
import { MultiplexTransport } from '../../../lib/mcp/transport/multiplex-transport.js';
import { UNDELIVERED } from '../../../lib/mcp/transport/server-requests.js';
import type { Caller } from '../../../lib/mcp/transport/transport.interfaces.js';

const ping = { jsonrpc: '2.0', id: 0, method: 'ping' } as const;

function createTransport() {
  const transport = new MultiplexTransport({
    dispatcher: { handles: () => false } as unknown as DirectDispatcher,
    logger: { error: vi.fn(), warn: vi.fn() },
    logging: true,
  });
  const onmessage = vi.fn<() => void>();
  Object.assign(transport, { onmessage });
  return { transport, onmessage };
}

function deliver(transport: MultiplexTransport) {
  const answer = vi.fn<(message: string) => void>();
  const exchange = { isOpen: true, answer } as unknown as HttpExchange;
  const caller = {} as Caller;
  const request = {} as IncomingMessage;
  transport.deliverRequest(ping, exchange, { caller, request });
  return answer;
}

describe('MultiplexTransport', () => {
  it('counts from 1, because the SDK takes 0 for no id', () => {
    const { transport, onmessage } = createTransport();
    deliver(transport);
    deliver(transport);

    expect(onmessage.mock.calls).toEqual([
      [{ jsonrpc: '2.0', id: 1, method: 'ping', params: undefined }],
      [{ jsonrpc: '2.0', id: 2, method: 'ping', params: undefined }],
    ]);
  });

  it('gives the answer to the call it belongs to, once', async () => {
    const { transport } = createTransport();
    const first = deliver(transport);
    const second = deliver(transport);
    await transport.send({ jsonrpc: '2.0', id: 2, result: { n: 2 } });
    await transport.send({ jsonrpc: '2.0', id: 2, result: { n: 3 } });
    await transport.send({ jsonrpc: '2.0', id: 9, result: { n: 9 } });

    expect(first).not.toHaveBeenCalled();
    expect(second.mock.calls).toEqual([
      ['{"jsonrpc":"2.0","id":0,"result":{"n":2}}'],
    ]);
    expect(transport.pendingCalls).toBe(1);
  });

  it('sends nothing that belongs to no call while it is shared', async () => {
    const { transport, onmessage } = createTransport();
    const method = 'notifications/message';
    await transport.send({ jsonrpc: '2.0', method });
    await transport.send({ jsonrpc: '2.0', method }, { relatedRequestId: 1 });
    transport.deliverNotification({
      jsonrpc: '2.0',
      method: 'notifications/initialized',
    });

    expect(onmessage).not.toHaveBeenCalled();
  });

  it('answers a request nobody can take with an error', async () => {
    const { transport, onmessage } = createTransport();
    await transport.send({ jsonrpc: '2.0', id: 0, method: 'roots/list' });

    expect(onmessage.mock.calls).toEqual([
      [
        {
          jsonrpc: '2.0',
          id: 0,
          error: {
            code: -32000,
            message: 'There is no open stream to the client',
            data: UNDELIVERED,
          },
        },
      ],
    ]);
    expect(transport.pendingServerRequests).toBe(0);
  });
});
