import { InitializeResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, vi } from 'vitest';
import { JSON_HEADERS, textOf } from './support/endpoint.harness.js';
import { json, call, initialize } from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

const NOT_FOUND =
  '{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Session not found"}}';
const ELICITATION = { elicitation: { form: {} } };

describe('sessions', () => {
  const harness = useEndpoint();

  it('begin with initialize, under an id nobody can guess', async () => {
    const response = await harness.post(initialize());
    const other = await harness.post(initialize());
    const id = response.headers['mcp-session-id'];

    expect(json(response).id).toBe(0);
    InitializeResultSchema.parse(json(response).result);
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(other.headers['mcp-session-id']).not.toBe(id);
    expect(harness.endpoint.stats().sessions).toBe(2);
  });

  it('are named in their answers, JSON or stream, and not in others', async () => {
    const session = await harness.session();
    const answers = await Promise.all([
      harness.post(call('echo'), session),
      harness.post(call('logs'), session),
      harness.post({ jsonrpc: '2.0', id: 1, method: 'ping' }, session),
      harness.post(call('echo')),
    ]);

    expect(answers.map(({ headers }) => headers['mcp-session-id'])).toEqual([
      session['mcp-session-id'],
      session['mcp-session-id'],
      session['mcp-session-id'],
      undefined,
    ]);
  });

  it('know their client, and each request its own caller', async () => {
    const session = await harness.session('alice', ELICITATION);
    const tokens = await Promise.all(
      ['first', 'second'].map(async (token) => {
        const headers = { ...session, 'x-token': token };
        const response = await harness.post(call('whoami'), headers);
        return json(response).result.structuredContent;
      }),
    );

    expect(tokens.map(({ token }) => token)).toEqual(['first', 'second']);
    expect(tokens[0]).toMatchObject({
      subject: 'alice',
      sessionId: session['mcp-session-id'],
      client: 'wire',
      capabilities: ELICITATION,
    });
  });

  it('keep as much as they need of a client that says too much', async () => {
    const long = 'x'.repeat(1_000_000);
    const capabilities = { ...ELICITATION, experimental: { x: { long } } };
    const clientInfo = { name: long, version: '1', title: long };
    const session = await harness.session('alice', capabilities, {
      clientInfo,
    });
    const response = await harness.post(call('whoami'), session);

    expect(json(response).result.structuredContent).toMatchObject({
      client: 'x'.repeat(100),
      capabilities: ELICITATION,
    });
    expect(response.text).not.toContain('experimental');
  });

  it('begin for a client whose capabilities are nested without end', async () => {
    const deep = `${'{"a":'.repeat(20_000)}{}${'}'.repeat(20_000)}`;
    const capabilities = { experimental: 'DEEP' };
    const text = JSON.stringify(initialize({ capabilities }));
    const body = text.replace('"DEEP"', deep);
    const { status } = await harness.send('POST', JSON_HEADERS, [body]);

    expect(status).toBe(200);
    expect(harness.log).toEqual([]);
  });

  it.each([
    ['unknown', () => ({ 'mcp-session-id': crypto.randomUUID() })],
    ['another identity', () => ({ 'x-user': 'mallory' })],
    ['without an id', () => ({ 'mcp-session-id': '' })],
  ])('are not found: %s', async (_name, change) => {
    const session = { ...(await harness.session()), ...change() };
    const stream = { ...session, accept: 'text/event-stream' };
    const answers = [
      await harness.post(call('echo'), session),
      await harness.post({ ...initialize(), id: 1 }, session),
      await harness.send('GET', stream),
      await harness.send('DELETE', session),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(answers[0]!.text).toBe(NOT_FOUND);
    expect(answers[1]!.text).toBe(NOT_FOUND);
    expect(harness.endpoint.stats().sessions).toBe(1);
    expect(harness.dispatcher.started).toEqual([]);
  });

  it('give others the same bytes for a session that exists and one that does not', async () => {
    const session = await harness.session();
    const own = { ...session, 'x-user': 'mallory' };
    const none = { ...own, 'mcp-session-id': crypto.randomUUID() };
    const [exists, missing] = await Promise.all([
      harness.post(call('echo'), own),
      harness.post(call('echo'), none),
    ]);
    const { date: _date, ...headers } = exists.headers;

    expect(missing).toMatchObject({ ...exists, headers });
    expect(Object.keys(missing.headers)).toEqual(Object.keys(exists.headers));
  });

  it('end with DELETE, and what runs in them too', async () => {
    const session = await harness.session();
    const pending = harness.post(call('hang', { tag: 'x' }), session);
    const context = await harness.dispatcher.running('x');
    const stream = await harness.stream(session);
    const ended = await harness.send('DELETE', session);

    expect([ended.status, ended.text]).toEqual([200, '']);
    expect(await textOf(stream)).toBe('');
    expect(json(await pending).error).toEqual({
      code: -32000,
      message: 'The session has ended',
    });
    expect(context.signal.aborted).toBe(true);
    expect((await harness.post(call('echo'), session)).text).toBe(NOT_FOUND);
    expect((await harness.send('DELETE', session)).status).toBe(404);
    expect(harness.endpoint.stats().sessions).toBe(0);
  });

  it('are initialized once', async () => {
    const session = await harness.session();
    const again = await harness.post(initialize(), session);

    expect([again.status, json(again).error]).toEqual([
      400,
      { code: -32600, message: 'The session is already initialized' },
    ]);
  });

  it.each([{}, { protocolVersion: 1 }, { clientInfo: {} }])(
    'do not begin with an initialize of %j',
    async (change) => {
      const body = {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: change,
      };
      const response = await harness.post(body);

      expect(json(response).error.code).toBe(-32602);
      expect(response.headers['mcp-session-id']).toBeUndefined();
      expect(harness.endpoint.stats().sessions).toBe(0);
    },
  );

  it('do not begin when their client leaves before the answer', async () => {
    const request = harness.open('POST', JSON_HEADERS);
    request.on('error', () => {});
    const opened = vi
      .spyOn(harness.gate, 'authorize')
      .mockImplementation((_message, _caller, _request, response) => {
        response.destroy();
        return true;
      });
    request.end(JSON.stringify(initialize()));
    await vi.waitFor(() => expect(opened).toHaveBeenCalled());

    await vi.waitFor(() => expect(harness.endpoint.stats().sessions).toBe(0));
  });

  it('are required when stateless requests are not allowed', async () => {
    await harness.restart({ stateless: false });
    const bodies = [
      call('echo'),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      [call('echo')],
    ];
    for (const body of bodies) {
      const response = await harness.post(body);
      expect([response.status, json(response).error]).toEqual([
        400,
        { code: -32000, message: 'Mcp-Session-Id header is required' },
      ]);
    }
    const session = await harness.session();

    expect(harness.dispatcher.started).toEqual([]);
    expect((await harness.post(call('echo'), session)).status).toBe(200);
  });
});
