import {
  CallToolResultSchema,
  ListToolsResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import {
  json,
  events,
  call,
  initialize,
  textOfResult,
} from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

describe('stateless calls', () => {
  const harness = useEndpoint();

  it('are answered with one JSON body and without a session', async () => {
    const response = await harness.post(call('echo', { message: 'ü' }, 'a'));

    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.headers['content-length']).toBe(
      String(Buffer.byteLength(response.text)),
    );
    expect(response.headers['mcp-session-id']).toBeUndefined();
    expect(json(response).id).toBe('a');
    CallToolResultSchema.parse(json(response).result);
  });

  it.each([0, -1, '', 'same', Number.MAX_SAFE_INTEGER])(
    'get their id back: %j',
    async (id) => {
      const response = await harness.post(call('later', { message: 'm' }, id));

      expect(json(response).id).toBe(id);
    },
  );

  it.each([
    ['tools/list', undefined, ListToolsResultSchema],
    ['tools/call', { name: 'echo' }, CallToolResultSchema],
  ])('%s has a result the SDK accepts', async (method, params, schema) => {
    const response = await harness.post({
      jsonrpc: '2.0',
      id: 1,
      method,
      params,
    });

    expect(schema.safeParse(json(response).result).success).toBe(true);
  });

  it('never cross, with one id for thousands in flight', async () => {
    const kinds = ['echo', 'later', 'logs'];
    const crossed: unknown[] = [];
    let next = 0;
    const worker = async () => {
      while (next < 3000) {
        const tag = `m${next}`;
        const kind = kinds[next++ % 3]!;
        const response = await harness.post(call(kind, { message: tag, tag }));
        const messages = kind === 'logs' ? events(response) : [json(response)];
        const answer = messages.at(-1);
        const data = messages.slice(0, -1).map(({ params }) => params.data);
        const isOwn = answer.id === 1 && textOfResult(answer) === tag;
        if (!isOwn || data.some((other) => other !== tag)) crossed.push(tag);
        if (messages.length !== (kind === 'logs' ? 2 : 1)) crossed.push(tag);
      }
    };
    await Promise.all(Array.from({ length: 100 }, worker));

    expect(crossed).toEqual([]);
  });

  it('see who called, and by which request', async () => {
    const meta = { 'example.com/a': 1 };
    const response = await harness.post(call('whoami', {}, 'r', meta), {
      'x-user': 'bob',
      'x-token': 'second',
    });

    expect(json(response).result.structuredContent).toEqual({
      subject: 'bob',
      token: 'second',
      sessionId: null,
      era: 'legacy',
      requestId: 'r',
      meta,
      host: `127.0.0.1:${harness.port}`,
      client: null,
      capabilities: null,
    });
  });

  it('cannot ask the client', async () => {
    const response = await harness.post(call('ask'));

    expect(json(response).error).toEqual({
      code: -32000,
      message: expect.stringContaining('Send initialize first'),
      data: { reason: 'session_required' },
    });
  });

  it('are not touched by what others notify or answer', async () => {
    const pending = harness.post(call('hang', { tag: 'live' }, 5));
    const context = await harness.dispatcher.running('live');
    const statuses = new Set<number>();
    for (const requestId of [1, 2, 3, 4, 5, '5', 0, '', null]) {
      const params = { requestId };
      const method = 'notifications/cancelled';
      const sent = await harness.post({ jsonrpc: '2.0', method, params });
      statuses.add(sent.status);
      expect(sent.text).toBe('');
    }
    for (const id of [0, 1, 2]) {
      const sent = await harness.post({ jsonrpc: '2.0', id, result: {} });
      statuses.add(sent.status);
    }
    const wasAborted = context.signal.aborted;
    harness.dispatcher.release('live');

    expect(wasAborted).toBe(false);
    expect(textOfResult(json(await pending))).toBe('live');
    expect([...statuses]).toEqual([202]);
  });

  it('initialize without leaving anything when sessions are off', async () => {
    await harness.restart({
      sessions: false,
      instructions: 'Be kind.',
    });
    const known = await harness.post(
      initialize({ protocolVersion: '2025-06-18' }),
    );
    const unknown = await harness.post(initialize({ protocolVersion: '1' }));
    const stream = await harness.send('GET', { accept: 'text/event-stream' });

    expect(known.headers['mcp-session-id']).toBeUndefined();
    expect(json(known).result).toEqual({
      protocolVersion: '2025-06-18',
      capabilities: { tools: {}, logging: {} },
      serverInfo: { name: 'test', version: '1.0.0' },
      instructions: 'Be kind.',
    });
    expect(json(unknown).result.protocolVersion).toBe('2025-11-25');
    expect([stream.status, stream.headers.allow]).toEqual([405, 'POST']);
  });
});
