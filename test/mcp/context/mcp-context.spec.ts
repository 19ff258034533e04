import { Injectable } from '@nestjs/common';
import { McpContext, McpTool } from 'nestjs-keycard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import {
  AskedClient,
  isModern,
  KINDS,
} from '../input/support/asking-client.js';
import {
  modernRequest,
  standardHeaders,
} from '../modern/support/modern-messages.js';
import { ModernWorld } from '../modern/support/modern-world.js';
import { bearer, post, request } from '../../support/post.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = `00-${TRACE}-b7ad6b7169203331-01`;
const OTHER = '00-11111111111111111111111111111111-2222222222222222-00';

@Injectable()
class ContextTools {
  @McpTool({ description: 'Tells all there is to know of a call' })
  async describe(context: McpContext) {
    await context.progress(1, 2, 'half');
    await context.log('error', 'loud', 'tests');
    return {
      era: context.era,
      protocolVersion: context.protocolVersion,
      session: context.sessionId === undefined ? 'none' : 'one',
      client: context.clientInfo ?? null,
      capabilities: context.clientCapabilities ?? null,
      trace: context.traceContext ?? null,
      tag: context.headers['x-tag'] ?? null,
      meta: context.meta?.['example.test/own'] ?? null,
      aborted: context.signal.aborted,
      subject: context.principal.subject,
      id: ['string', 'number'].includes(typeof context.requestId),
      state: context.requestState() ?? null,
      answers: context.inputResponses,
    };
  }
}

@Injectable()
class LeakyTools {
  @McpTool({ description: 'Hands on whatever it can find' })
  leak(context: McpContext) {
    const { headers, request: raw } = context;
    const { rawHeaders } = raw as { rawHeaders?: unknown };
    return {
      headers: { ...headers },
      rawHeaders,
      principal: context.principal,
    };
  }
}

describe.each(ADAPTERS)('what a call on %s can hand on', (_name, adapter) => {
  it.each([
    ['2025', request('tools/call', { name: 'leak' }), false],
    ['2026', modernRequest('tools/call', { name: 'leak' }), true],
  ])('in the %s era is no token of the caller', async (_era, body, modern) => {
    const world = await ModernWorld.start(adapter(), {}, LeakyTools);
    const { authorization } = world.bearer();
    const headers = modern ? standardHeaders(body) : {};
    const caller = world.bearer();
    const answer = await post(world.url, body, { ...headers, ...caller });
    const { json, text } = answer;
    expect(json.result.structuredContent.headers['content-type']).toBe(
      'application/json',
    );
    expect(text).not.toContain(authorization!.slice('Bearer '.length));
    await world.stop();
  });
});

describe.each(ADAPTERS)('the context of a call on %s', (_name, adapter) => {
  let world: ModernWorld;
  beforeAll(async () => {
    world = await ModernWorld.start(adapter(), {}, ContextTools);
  });
  afterAll(() => world.stop());

  const describeCall = async (
    client: AskedClient,
    meta: object = {},
    options: object = {},
  ) =>
    (await client.call('describe', options, { _meta: meta })).structuredContent;

  describe.each(KINDS)('of a client: %s', (kind) => {
    const connect = (headers: Record<string, string> = {}) =>
      AskedClient.connect(kind, world.url, { ...world.bearer(), ...headers });

    it('tells who calls, and how', async () => {
      const client = await connect({ 'x-tag': 'tagged' });
      expect(
        await describeCall(client, { 'example.test/own': 'mine' }),
      ).toEqual({
        era: isModern(kind) ? 'modern' : 'legacy',
        protocolVersion: isModern(kind) ? '2026-07-28' : '2025-11-25',
        session: isModern(kind) ? 'none' : 'one',
        client: { name: kind, version: '1.0.0' },
        capabilities: {
          elicitation: { form: {}, url: {} },
          sampling: {},
          roots: {},
        },
        trace: null,
        tag: 'tagged',
        meta: 'mine',
        aborted: false,
        subject: 'usr_ada',
        id: true,
        state: null,
        answers: {},
      });
      await client.close();
    });

    it('reports progress', async () => {
      const client = await connect();
      const heard: unknown[] = [];
      const onprogress = (progress: unknown) => heard.push(progress);
      await describeCall(client, {}, { onprogress });
      expect(heard).toEqual([{ progress: 1, total: 2, message: 'half' }]);
      await client.close();
    });

    it('logs', async () => {
      const client = await connect();
      const heard = client.hearLogs();
      // Without a level in the request, the modern era wants silence.
      const level = { 'io.modelcontextprotocol/logLevel': 'info' };
      await describeCall(client, isModern(kind) ? level : {});
      expect(heard).toEqual([
        { level: 'error', data: 'loud', logger: 'tests' },
      ]);
      await client.close();
    });

    it.each([
      ['its _meta', { traceparent: PARENT, tracestate: 'a=b' }, {}, 'meta'],
      [
        'its headers',
        {},
        { traceparent: PARENT, tracestate: 'a=b' },
        'headers',
      ],
      [
        '_meta rather than headers',
        { traceparent: PARENT, tracestate: 'a=b' },
        { traceparent: OTHER },
        'meta',
      ],
      [
        'headers where _meta makes no sense',
        { traceparent: 'nonsense' },
        { traceparent: PARENT, tracestate: 'a=b' },
        'headers',
      ],
    ])('knows the trace by %s', async (_where, meta, headers, source) => {
      const client = await connect(headers);
      const { trace } = await describeCall(client, meta);
      expect(trace).toEqual({
        parent: {
          source,
          traceId: TRACE,
          spanId: 'b7ad6b7169203331',
          traceFlags: 1,
          traceState: 'a=b',
        },
      });
      await client.close();
    });

    it('knows the baggage', async () => {
      const client = await connect({ baggage: 'user=header' });
      const { trace } = await describeCall(client, { baggage: 'user=a%20b' });
      expect(trace).toEqual({
        baggage: {
          source: 'meta',
          members: [{ key: 'user', value: 'a b' }],
        },
      });
      await client.close();
    });
  });

  describe('of a request without a session', () => {
    const send = async (headers: Record<string, string> = {}, params = {}) => {
      const body = request('tools/call', {
        name: 'describe',
        arguments: {},
        ...params,
      });
      const all = { ...bearer(world.tokens.ada), ...headers };
      const { text } = await post(world.url, body, all);
      const last = text.trim().split('\n').at(-1)!;
      return JSON.parse(last.replace(/^data: /, '')).result.structuredContent;
    };

    it('knows nothing of its client', async () => {
      expect(await send()).toMatchObject({
        era: 'legacy',
        protocolVersion: '2025-03-26',
        session: 'none',
        client: null,
        capabilities: null,
      });
    });

    it('knows the revision by its header', async () => {
      const headers = { 'mcp-protocol-version': '2025-06-18' };
      expect((await send(headers)).protocolVersion).toBe('2025-06-18');
    });

    it.each([null, 'text', 3, []])(
      'takes the _meta %j for none',
      async (_meta) =>
        expect(await send({}, { _meta })).toMatchObject({ trace: null }),
    );
  });
});
