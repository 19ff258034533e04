import type { IncomingMessage } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { textOf } from './support/endpoint.harness.js';
import {
  json,
  events,
  call,
  textOfResult,
  nextEvent,
} from './support/messages.js';
import { JSON_HEADERS } from './support/endpoint.harness.js';
import { useEndpoint } from './support/use-endpoint.js';

const ELICITATION = { elicitation: { form: {} } };

describe('asking the client', () => {
  const harness = useEndpoint();

  const ask = async (tool: string, session: Record<string, string>) => {
    const request = harness.open('POST', { ...JSON_HEADERS, ...session });
    request.on('error', () => {});
    request.end(JSON.stringify(call(tool)));
    const stream = await new Promise<IncomingMessage>((resolve) =>
      request.on('response', resolve),
    );
    return { request, stream, question: await nextEvent(stream) };
  };

  it('brings its answer', async () => {
    const session = await harness.session('alice', ELICITATION);
    const { stream, question } = await ask('ask', session);
    const rest = textOf(stream);
    const answer = {
      jsonrpc: '2.0',
      id: question.id,
      result: { action: 'decline' },
    };
    const accepted = await harness.post(answer, session);

    expect(question.method).toBe('elicitation/create');
    expect([accepted.status, accepted.text]).toEqual([202, '']);
    expect(textOfResult(events({ text: await rest }).at(-1))).toBe('decline');
  });

  it('takes no answer from another session', async () => {
    const session = await harness.session('alice', ELICITATION);
    const other = await harness.session('mallory', ELICITATION);
    const { stream, question } = await ask('ask', session);
    const rest = textOf(stream);
    const answer = (action: string) => ({
      jsonrpc: '2.0',
      id: question.id,
      result: { action },
    });
    await harness.post(answer('accept'), other);
    await harness.post(answer('accept'));
    await harness.post(answer('cancel'), session);

    expect(textOfResult(events({ text: await rest }).at(-1))).toBe('cancel');
  });

  it('fails on a malformed answer', async () => {
    const session = await harness.session('alice', ELICITATION);
    const { stream, question } = await ask('ask', session);
    const rest = textOf(stream);
    const answer = { jsonrpc: '2.0', id: question.id, error: { code: 'x' } };
    await harness.post(answer, session);

    expect(events({ text: await rest }).at(-1).error).toEqual({
      code: -32603,
      message: 'Internal error',
    });
  });

  it('fails when the client cannot be asked that', async () => {
    const session = await harness.session('alice');
    const response = await harness.post(call('ask'), session);

    expect(json(response).error.code).toBe(-32603);
    expect(String(harness.log[0]?.cause)).toContain(
      'Client does not support elicitation',
    );
  });

  it('is over when the connection breaks', async () => {
    const session = await harness.session('alice', ELICITATION);
    const { request } = await ask('ask', session);
    const asked = harness.endpoint.stats().serverRequests;
    request.destroy();

    await vi.waitFor(() =>
      expect(harness.endpoint.stats()).toMatchObject({
        calls: 0,
        serverRequests: 0,
      }),
    );
    expect(asked).toBe(1);
  });

  it('is over when the call times out', async () => {
    harness.dispatcher.timeout = 30;
    const session = await harness.session('alice', ELICITATION);
    const { stream } = await ask('ask', session);

    expect(events({ text: await textOf(stream) }).at(-1).result.isError).toBe(
      true,
    );
    expect(harness.endpoint.stats().serverRequests).toBe(0);
  });

  it('takes no answer under an id that only looks the same', async () => {
    const session = await harness.session('alice', ELICITATION);
    const { stream, question } = await ask('ask', session);
    const rest = textOf(stream);
    const answer = { jsonrpc: '2.0', result: { action: 'accept' } };
    await harness.post({ ...answer, id: String(question.id) }, session);
    const asked = harness.endpoint.stats().serverRequests;
    await harness.post({ ...answer, id: question.id }, session);

    expect(asked).toBe(1);
    expect(textOfResult(events({ text: await rest }).at(-1))).toBe('accept');
  });

  it('is over when it takes too long, before the call is', async () => {
    const session = await harness.session();
    const pending = harness.post(call('askBriefly', { tag: 'asked' }), session);
    await harness.dispatcher.running('asked');
    const { serverRequests } = harness.endpoint.stats();
    harness.dispatcher.release('asked');
    const sent = events(await pending);

    expect(serverRequests).toBe(0);
    expect(sent.map(({ method }) => method)).toEqual([
      'ping',
      'notifications/cancelled',
      undefined,
    ]);
    expect(textOfResult(sent[2])).toContain('timed out');
  });

  it('is over when the call answers without waiting', async () => {
    const session = await harness.session();
    const sent = events(await harness.post(call('askAndLeave'), session));

    expect(sent.map(({ method }) => method)).toEqual([
      'ping',
      'notifications/cancelled',
      undefined,
    ]);
    expect(sent[1].params.requestId).toBe(sent[0].id);
    expect(harness.endpoint.stats().serverRequests).toBe(0);
    expect(harness.dispatcher.rejections).toEqual([
      'McpError: MCP error -32000: The call this request belongs to has ended',
    ]);
  });
});
