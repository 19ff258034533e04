import { describe, expect, it, vi } from 'vitest';
import { JSON_HEADERS } from './support/endpoint.harness.js';
import {
  json,
  events,
  call,
  initialize,
  textOfResult,
} from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };
const modern = call('echo', {}, 1, {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
});

describe('batches', () => {
  const harness = useEndpoint({ maxBatch: 3 });

  it.each([
    ['empty', [], {}, 'The batch is empty'],
    [
      'too large',
      Array.from({ length: 4 }, () => call('echo')),
      {},
      'The batch has more than 3 messages',
    ],
    [
      'with an initialize',
      [call('echo'), initialize()],
      {},
      'The batch has a message that is not allowed in one',
    ],
    [
      'with something that is no message',
      [call('echo'), null],
      {},
      'The batch has a message that is not allowed in one',
    ],
    [
      'with a batch',
      [[call('echo')]],
      {},
      'The batch has a message that is not allowed in one',
    ],
    [
      'with a message of the modern era',
      [call('echo'), modern],
      {},
      'The batch has a message that is not allowed in one',
    ],
    [
      'of a later revision',
      [call('echo')],
      { 'mcp-protocol-version': '2025-06-18' },
      'Batches are not part of revision 2025-06-18',
    ],
  ])('are refused: %s', async (_name, body, headers, message) => {
    const response = await harness.post(body, headers);

    expect(response.status).toBe(400);
    expect(json(response)).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32600, message },
    });
    expect(harness.dispatcher.started).toEqual([]);
  });

  it('are refused in a session of a later revision', async () => {
    const session = await harness.session();
    const response = await harness.post([call('echo')], session);

    expect(json(response).error.message).toBe(
      'Batches are not part of revision 2025-11-25',
    );
  });

  it('are answered in a session of their revision', async () => {
    const { headers } = await harness.post(
      initialize({ protocolVersion: '2025-03-26' }),
    );
    const id = String(headers['mcp-session-id']);
    const response = await harness.post([call('echo', { message: 'm' })], {
      'mcp-session-id': id,
    });

    expect(textOfResult(json(response)[0])).toBe('m');
    expect(response.headers['mcp-session-id']).toBe(id);
  });

  it('run nothing when one of them is not authorized', async () => {
    const response = await harness.post([call('echo'), call('forbidden')]);

    expect([response.status, response.text]).toEqual([403, '{}']);
    expect(harness.dispatcher.started).toEqual([]);
  });

  it('are answered with all answers, with equal ids too', async () => {
    const response = await harness.post([
      call('later', { message: 'a' }),
      notification,
      call('boom', {}, 1),
    ]);
    const answers = json(response);

    expect(response.headers['content-type']).toBe('application/json');
    expect(answers).toHaveLength(2);
    expect(
      answers.map((answer: any) => answer.error?.code ?? textOfResult(answer)),
    ).toEqual([-32603, 'a']);
  });

  it('are a list even with one answer that cannot be written', async () => {
    const answers = json(await harness.post([call('bigint'), call('echo')]));

    expect(answers.map((answer: any) => answer.error?.code)).toEqual([
      -32603,
      undefined,
    ]);
  });

  it('become a stream when one of them has more to say', async () => {
    const response = await harness.post([
      call('echo', { message: 'first' }, 1),
      call('logs', { tag: 'second' }, 2),
    ]);

    expect(response.headers['content-type']).toBe('text/event-stream');
    expect(
      events(response).map((event) => event.params?.data ?? event.id),
    ).toEqual([1, 'second', 2]);
  });

  it('without requests are accepted', async () => {
    const response = await harness.post([
      notification,
      { jsonrpc: '2.0', id: 1, result: {} },
    ]);

    expect([response.status, response.text]).toEqual([202, '']);
  });

  it('give each call a request of its own', async () => {
    const answers = json(
      await harness.post([
        call('request', { note: 'a' }, 1),
        call('request', { note: 'b' }, 2),
      ]),
    );
    const host = `127.0.0.1:${harness.port}`;

    expect(answers.map(textOfResult)).toEqual([
      `false POST ${host}`,
      `false POST ${host}`,
    ]);
  });

  it('are aborted as one when their client leaves', async () => {
    const request = harness.open('POST', JSON_HEADERS);
    request.on('error', () => {});
    request.end(
      JSON.stringify([
        call('hang', { tag: 'one' }),
        call('hang', { tag: 'two' }),
        call('echo'),
      ]),
    );
    const contexts = await Promise.all(
      ['one', 'two'].map((tag) => harness.dispatcher.running(tag)),
    );
    request.destroy();
    await vi.waitFor(() => expect(harness.endpoint.stats().calls).toBe(0));

    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  it('count a call once that times out and answers later', async () => {
    const pending = harness.post([
      call('hang', { tag: 'slow', timeout: 10 }, 1),
      call('hang', { tag: 'other' }, 2),
    ]);
    const { signal } = await harness.dispatcher.running('slow');
    await vi.waitFor(() => expect(signal.aborted).toBe(true));
    harness.dispatcher.release('slow');
    await harness.post(call('echo'));
    harness.dispatcher.release('other');
    const answers = json(await pending);

    expect(answers.map(textOfResult)).toEqual([
      'The tool timed out after 10 ms',
      'other',
    ]);
  });
});
