import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { JSON_HEADERS, textOf } from './support/endpoint.harness.js';
import { json, events, call, textOfResult } from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

describe('stateless calls', () => {
  const harness = useEndpoint();

  it('report progress to who asked for it, increasing', async () => {
    const token = 'p';
    const asked = await harness.post(
      call('progress', {}, 1, { progressToken: token }),
    );
    const sent = events(asked);

    expect(asked.headers['content-type']).toBe('text/event-stream');
    expect(asked.headers['x-accel-buffering']).toBe('no');
    expect(sent.slice(0, -1)).toEqual(
      [1, 2].map((progress) => ({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: {
          progressToken: token,
          progress,
          total: 2,
          message: `step ${progress}`,
        },
      })),
    );
    expect(textOfResult(sent[2])).toBe('done');
  });

  it.each([[undefined], [null], [{}], [true]])(
    'report no progress for the token %j',
    async (progressToken) => {
      const response = await harness.post(
        call('progress', {}, 1, { progressToken }),
      );

      expect(textOfResult(json(response))).toBe('done');
    },
  );

  it('report progress for the token 0', async () => {
    const response = await harness.post(
      call('progress', {}, 1, { progressToken: 0 }),
    );

    expect(events(response)).toHaveLength(3);
  });

  it('log from info on, whatever others set', async () => {
    const level = await harness.post({
      jsonrpc: '2.0',
      id: 1,
      method: 'logging/setLevel',
      params: { level: 'emergency' },
    });
    const levels = ['debug', 'info', 'loud', 'emergency'];
    const response = await harness.post(call('logs', { tag: 't', levels }));

    expect(json(level)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    expect(events(response).slice(0, -1)).toEqual(
      ['info', 'emergency'].map((wanted) => ({
        jsonrpc: '2.0',
        method: 'notifications/message',
        params: { level: wanted, logger: 'tests', data: 't' },
      })),
    );
  });

  it('do not log when the server did not declare that it does', async () => {
    await harness.restart({ capabilities: { tools: {} } });
    const response = await harness.post(call('logs', { tag: 't' }));
    const level = await harness.post({
      jsonrpc: '2.0',
      id: 1,
      method: 'logging/setLevel',
      params: { level: 'info' },
    });

    expect(textOfResult(json(response))).toBe('t');
    expect(json(level).error.code).toBe(-32601);
  });

  it('wait for a client that reads slowly', async () => {
    const request = harness.open('POST', JSON_HEADERS);
    request.end(JSON.stringify(call('flood', { size: 2000 })));
    const [response] = await once(request, 'response');
    // Nobody reads until the tool noticed.
    await vi.waitFor(() => expect(harness.endpoint.stats().calls).toBe(0), {
      timeout: 15_000,
    });

    expect(textOfResult(events({ text: await textOf(response) }).at(-1))).toBe(
      'true',
    );
  });
});
