import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, vi } from 'vitest';
import { JSON_HEADERS } from './support/endpoint.harness.js';
import { json, call, textOfResult } from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

/** A body parser that ran before. */
async function readBefore(request: IncomingMessage): Promise<void> {
  for await (const _chunk of request);
  Object.assign(request, { body: call('echo') });
}

describe('stateless calls', () => {
  const harness = useEndpoint();

  const leaveDuring = async (tag: string) => {
    const request = harness.open('POST', JSON_HEADERS);
    request.on('error', () => {});
    request.end(JSON.stringify(call('hang', { tag })));
    const context = await harness.dispatcher.running(tag);
    const signal = tag === 'early' ? context.signal : undefined;
    request.destroy();
    return { context, signal };
  };

  it.each(['early', 'late'])(
    'are aborted when their client leaves, however %s they look',
    async (tag) => {
      const { context, signal } = await leaveDuring(tag);
      await vi.waitFor(() => expect(harness.endpoint.stats().calls).toBe(0));

      expect((signal ?? context.signal).aborted).toBe(true);
      expect(context.signal.reason).toMatchObject({
        name: 'AbortError',
        message: 'The client disconnected',
      });
      await context.progress(1);
      await context.log('error', 'nobody listens');
      harness.dispatcher.release(tag, Promise.reject(new Error('late')));
      await harness.post(call('echo'));
      expect(harness.log).toEqual([]);
    },
  );

  it('go on without their client when the policy says so', async () => {
    await harness.restart({ onDisconnect: 'continue' });
    const { context } = await leaveDuring('late');
    await harness.post(call('echo'));
    const wasAborted = context.signal.aborted;
    const before = harness.endpoint.stats().calls;
    await context.log('error', 'nobody listens');
    harness.dispatcher.release('late');

    expect([wasAborted, before]).toEqual([false, 1]);
  });

  it('time out: a tool with a result', async () => {
    harness.dispatcher.timeout = 20;
    const response = await harness.post(call('hang', { tag: 't' }, 4));
    const context = await harness.dispatcher.running('t');
    harness.dispatcher.release('t');

    expect(json(response)).toEqual({
      jsonrpc: '2.0',
      id: 4,
      result: {
        isError: true,
        content: [{ type: 'text', text: 'The tool timed out after 20 ms' }],
      },
    });
    CallToolResultSchema.parse(json(response).result);
    expect(context.signal.reason.name).toBe('TimeoutError');
  });

  it('time out: any other method with an error', async () => {
    harness.dispatcher.timeout = 20;
    const params = { name: 'hang', arguments: { tag: 'p' } };
    const body = { jsonrpc: '2.0', id: 4, method: 'prompts/get', params };

    expect(json(await harness.post(body)).error).toEqual({
      code: -32001,
      message: 'Request timed out',
    });
  });

  it('time out also when nobody waits any more', async () => {
    await harness.restart({ onDisconnect: 'continue' });
    harness.dispatcher.timeout = 50;
    const { context } = await leaveDuring('late');

    await vi.waitFor(() => expect(context.signal.aborted).toBe(true));
    expect(context.signal.reason.name).toBe('TimeoutError');
  });

  it('do not time out after their answer', async () => {
    harness.dispatcher.timeout = 200;
    const pending = harness.post(call('hang', { tag: 'x' }));
    const { signal } = await harness.dispatcher.running('x');
    harness.dispatcher.release('x');
    await pending;
    await delay(300);

    expect(signal.aborted).toBe(false);
  });

  it('do not time out with a deadline beyond what a timer takes', async () => {
    harness.dispatcher.timeout = Number.POSITIVE_INFINITY;
    const pending = harness.post(call('hang', { tag: 'in time' }));
    await harness.dispatcher.running('in time');
    await delay(20);
    harness.dispatcher.release('in time');

    expect(textOfResult(json(await pending))).toBe('in time');
  });

  it('are answered with an error when the server closes', async () => {
    const pending = harness.post(call('hang', { tag: 'x' }, 8));
    const context = await harness.dispatcher.running('x');
    await harness.endpoint.close();

    expect(json(await pending)).toEqual({
      jsonrpc: '2.0',
      id: 8,
      error: { code: -32000, message: 'The server is closing' },
    });
    expect(context.signal.aborted).toBe(true);
  });

  it.each(['at once', 'later'])(
    'leave a response alone that somebody else answered %s',
    async (when) => {
      await harness.restart({
        gate: {
          authenticate: (request, response) =>
            harness.gate.authenticate(request, response),
          authorize: (_message, _caller, _request, response) => {
            const answer = () => response.writeHead(503).write('too ');
            if (when === 'later') setImmediate(answer);
            else answer();
            setTimeout(() => response.end('slow'), 20);
            return true;
          },
        },
      });
      const response = await harness.post(call('later', { message: 'm' }));

      expect([response.status, response.text]).toEqual([503, 'too slow']);
      expect(harness.log).toEqual([]);
    },
  );

  it('do not begin when their client left while it was verified', async () => {
    const verified = vi.fn<() => void>();
    await harness.restart(
      {
        gate: {
          authenticate: async (request, response) => {
            const closed = once(response, 'close');
            response.destroy();
            await closed;
            setImmediate(verified);
            return harness.gate.authenticate(request, response);
          },
          authorize: () => true,
        },
      },
      readBefore,
    );
    await expect(harness.post(call('echo'))).rejects.toThrow('socket hang up');
    await vi.waitFor(() => expect(verified).toHaveBeenCalled());

    expect(harness.dispatcher.started).toEqual([]);
  });
});
