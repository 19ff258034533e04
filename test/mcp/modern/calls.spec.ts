import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { rawRequest } from '../../support/raw-request.js';
import {
  eventsOf,
  INFO_META,
  LOG_META,
  modernRequest,
  REVISION,
  SERVER_META,
  standardHeaders,
} from './support/modern-messages.js';
import { record } from './support/modern-tools.js';
import { ModernWorld } from './support/modern-world.js';

const names = (list: { name: string }[]) => list.map(({ name }) => name);

describe.each(ADAPTERS)('a call of the modern era on %s', (_name, adapter) => {
  let world: ModernWorld;
  beforeAll(async () => {
    world = await ModernWorld.start(adapter());
  });
  afterAll(() => world.stop());
  beforeEach(() => record.reset());

  it('is answered as its revision says', async () => {
    const { status, headers, json } = await world.call('whoami', {});
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('mcp-session-id')).toBeNull();
    expect(json).toMatchObject({
      jsonrpc: '2.0',
      id: 1,
      result: {
        resultType: 'complete',
        structuredContent: { subject: 'usr_ada', same: true, era: 'modern' },
        _meta: { [SERVER_META]: { name: 'nestjs-keycard' } },
      },
    });
  });

  it('ignores a session the client names', async () => {
    const headers = { 'mcp-session-id': 'made-up' };
    const { status, json } = await world.call('whoami', {}, { headers });
    expect(status).toBe(200);
    expect(json.result.structuredContent.session).toBeNull();
  });

  it('knows its caller, its headers and what the client said', async () => {
    await world.call('whoami', {}, { headers: { 'x-tag': 'one' } });
    const { json } = await world.call(
      'whoami',
      {},
      {
        user: 'bob',
        headers: { 'x-tag': 'two' },
        meta: { [INFO_META]: { name: 'c', version: '1' }, own: 7 },
      },
    );
    expect(json.result.structuredContent).toMatchObject({
      subject: 'usr_bob',
      header: 'two',
    });
    const [first, second] = record.contexts;
    expect(first!.request).not.toBe(second!.request);
    expect(second!.meta).toMatchObject({ own: 7 });
    expect(second).toMatchObject({
      clientInfo: { name: 'c', version: '1' },
      clientCapabilities: {},
      inputResponses: {},
    });
    expect(second!.requestState()).toBeUndefined();
  });

  it('gives structured output, with its text', async () => {
    const { json } = await world.call('add', { a: 1, b: 2 });
    expect(json.result.structuredContent).toEqual({ sum: 3 });
    expect(json.result.content).toEqual([{ type: 'text', text: '{"sum":3}' }]);
  });

  it('is told what is wrong with its arguments', async () => {
    const { status, json } = await world.call('echo', { echo: 3 });
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      isError: true,
      resultType: 'complete',
    });
  });

  it('streams progress only to who asked for it', async () => {
    const quiet = await world.call('count');
    expect(quiet.headers.get('content-type')).toBe('application/json');
    const meta = { progressToken: 'p' };
    const loud = await world.call('count', {}, { meta });
    expect(loud.headers.get('content-type')).toBe('text/event-stream');
    expect(loud.headers.get('x-accel-buffering')).toBe('no');
    const events = eventsOf(loud.text);
    expect(events.slice(0, -1)).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 'p', progress: 1, total: 3, message: 'one' },
      },
      {
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 'p', progress: 3, total: 3 },
      },
    ]);
    expect(events.at(-1)).toMatchObject({
      id: 1,
      result: { resultType: 'complete', content: [{ text: 'counted' }] },
    });
  });

  it.each([
    ['debug', ['quiet', { loud: true }]],
    ['warning', [{ loud: true }]],
    ['error', []],
  ])('logs to a client that asks for %s', async (level, expected) => {
    const meta = { [LOG_META]: level };
    const { text } = await world.call('count', {}, { meta });
    const logged = eventsOf(text)
      .filter(({ method }) => method === 'notifications/message')
      .map(({ params }) => params.data);
    expect(logged).toEqual(expected);
  });

  it('ends with its time, and says so to tool and client', async () => {
    const { status, json } = await world.call('dawdle');
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      isError: true,
      content: [{ text: 'The tool timed out after 1 ms' }],
    });
    expect(await record.aborted.promise).toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('passes on a JSON-RPC error of the tool', async () => {
    const { status, json } = await world.call('refuse');
    expect(status).toBe(200);
    expect(json.error).toEqual({
      code: -32050,
      message: 'not today',
      data: { retry: 'tomorrow' },
    });
  });

  it.each([
    ['retired', -32603],
    ['broken', -32603],
  ])('answers what must not be told in %s with %i', async (name, code) => {
    const { text, json } = await world.call(name);
    expect(json.error.code).toBe(code);
    expect(json.id).toBe(1);
    expect(text).not.toContain('secret');
    expect(world.logger.text).toContain('error ');
  });

  it('keeps an exception of the tool to itself', async () => {
    const { text, json } = await world.call('explode');
    expect(json.result.isError).toBe(true);
    expect(text).not.toContain('secret-of-the-database');
    expect(world.logger.text).toContain('secret-of-the-database');
  });

  it('lists for its caller alone, for a while', async () => {
    const body = modernRequest('tools/list');
    const { json } = await world.send(body);
    const { tools, ...rest } = json.result;
    expect(rest).toMatchObject({
      resultType: 'complete',
      cacheScope: 'private',
      ttlMs: 60_000,
    });
    expect(names(tools)).not.toContain('purge');
    const root = await world.send(body, {}, 'root');
    expect(names(root.json.result.tools)).toContain('purge');
  });

  it('tells what the server is', async () => {
    const { status, json } = await world.send(modernRequest('server/discover'));
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      resultType: 'complete',
      supportedVersions: [REVISION],
      capabilities: { tools: {} },
      cacheScope: 'private',
      ttlMs: 60_000,
      _meta: { [SERVER_META]: { name: 'nestjs-keycard', version: '1.0.0' } },
    });
  });

  // Each on a connection of its own, and none is answered before all are here.
  it('does not cross with a thousand others of the same id', async () => {
    const of = 1000;
    const tags = Array.from({ length: of }, (_, index) => index);
    const answers = await Promise.all(
      tags.map(async (tag) => {
        const params = { name: 'meet', arguments: { tag, of } };
        const body = modernRequest('tools/call', params);
        const { text } = await rawRequest(world.url, {
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...standardHeaders(body),
            ...world.bearer(tag % 2 ? 'ada' : 'bob'),
          },
          body: JSON.stringify(body),
        });
        return JSON.parse(text).result.structuredContent;
      }),
    );
    expect(answers).toEqual(
      tags.map((tag) => ({ tag, id: 1, who: tag % 2 ? 'usr_ada' : 'usr_bob' })),
    );
  }, 60_000);
});
