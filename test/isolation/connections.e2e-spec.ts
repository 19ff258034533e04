import { once } from 'node:events';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { rawRequest } from '../support/raw-request.js';
import { Connection, exchange, head } from './support/connection.js';
import { ADA, echoed, waiting } from './support/isolation-tools.js';
import { IsolationClient } from './support/isolation-client.js';
import { IsolationWorld } from './support/isolation-world.js';
import { ERAS, type WireEra } from './support/raw-message.js';

const BODY_LIMIT = 100_000;
const CLOSE = { connection: 'close' };

describe.each(ADAPTERS)('a connection on %s', (_name, createAdapter) => {
  let world: IsolationWorld;

  beforeAll(async () => {
    world = await IsolationWorld.start(createAdapter(), {
      mcp: { bodyLimit: BODY_LIMIT },
    });
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    echoed.length = 0;
    waiting.stopped.clear();
  });
  afterEach(async () => {
    await world.expectIdle();
    expect(world.logger.text).not.toMatch(/^(error|warn)/m);
  });

  describe.each(ERAS)('of revision %s', (_revision, era) => {
    const headOf = (
      headers: Record<string, string | number>,
      method = 'POST',
    ) =>
      head(world.url, method, {
        ...era.headers,
        ...world.bearer(),
        ...headers,
      });

    /** A whole request, to be written on a connection. */
    const post = (
      parts: Parameters<WireEra['message']>[0] = {},
      headers: Record<string, string> = {},
    ) => {
      const body = era.message(parts);
      const size = Buffer.byteLength(body);
      return headOf({ 'content-length': size, ...headers }) + body;
    };
    const wait = (nonce: string) =>
      post(
        { name: '"wait"', input: `{"nonce":"${nonce}"}` },
        { 'mcp-name': 'wait' },
      );
    const running = (count: number) =>
      vi.waitFor(() => expect(waiting.contexts.size).toBe(count), {
        timeout: 10_000,
      });

    it('carries pipelined requests, answered in their order', async () => {
      const connection = await Connection.open(world.url);
      const nonces = ['a', 'b', 'c', 'd'];
      const requests = nonces.map((nonce, index) =>
        post(
          {
            name: index === 0 ? '"later"' : '"echo"',
            input: `{"nonce":"${nonce}"}`,
            id: `"${nonce}"`,
          },
          {
            'mcp-name': index === 0 ? 'later' : 'echo',
            ...(index === 3 && CLOSE),
          },
        ),
      );
      await connection.write(requests.join(''));
      const answers = await connection.answers();
      expect(
        answers.map(({ json }) => [
          json.id,
          json.result.structuredContent.nonce,
        ]),
      ).toEqual(nonces.map((nonce) => [nonce, nonce]));
    });

    it('that breaks stops its pipelined calls, begun and queued', async () => {
      const connection = await Connection.open(world.url);
      const nonces = Array.from({ length: 12 }, (_, index) => String(index));
      await connection.write(nonces.map(wait).join(''));
      await running(nonces.length);
      connection.destroy();
      await running(0);
      expect(waiting.stopped.size).toBe(nonces.length);
      for (const reason of waiting.stopped.values()) {
        expect(reason).toMatchObject({ name: 'AbortError' });
      }
    });

    it.each([
      ['a head', () => headOf({ 'content-length': 100 }).slice(0, -10)],
      ['a head with more to come', () => headOf({ 'content-length': 100 })],
      ['half a body', () => `${headOf({ 'content-length': 100 })}{"jsonrpc"`],
      [
        'half a chunk',
        () => `${headOf({ 'transfer-encoding': 'chunked' })}10\r\n{"json`,
      ],
    ])('that breaks after %s leaves nothing', async (_what, textOf) => {
      const connection = await Connection.open(world.url);
      await connection.write(textOf());
      connection.destroy();
      expect((await exchange(world.url, post({}, CLOSE))).status).toBe(200);
      expect(echoed).toHaveLength(1);
    });

    it('reads no further than the length that was announced', async () => {
      const body = era.message();
      const size = body.length - 2;
      const connection = await Connection.open(world.url);
      await connection.write(headOf({ 'content-length': size }) + body);
      // What is left over is no request: node itself refuses it.
      const statuses = (await connection.answers()).map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([400]));
      expect(echoed).toEqual([]);
    });

    it.each([
      ['two lengths', { 'content-length': '5, 6' }],
      [
        'a length and chunks',
        { 'content-length': 5, 'transfer-encoding': 'chunked' },
      ],
      ['a length that is none', { 'content-length': '-1' }],
    ])('with %s is ended', async (_what, headers) => {
      const { status } = await exchange(world.url, headOf(headers));
      expect(status).toBe(400);
      expect(echoed).toEqual([]);
    });

    it('takes a body in chunks, and not one that is too large', async () => {
      const chunk = (text: string) =>
        `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
      const start = headOf({ ...CLOSE, 'transfer-encoding': 'chunked' });
      const body = era.message();
      const taken = await exchange(
        world.url,
        start,
        chunk(body.slice(0, 20)),
        chunk(body.slice(20)),
        '0\r\n\r\n',
      );
      expect(taken.json.result.structuredContent.nonce).toBe('x');
      const spaces = chunk(' '.repeat(20_000));
      const refused = await exchange(
        world.url,
        start,
        chunk(body),
        ...Array.from({ length: 50 }, () => spaces),
      );
      expect([refused.status, refused.json.error.code]).toEqual([413, -32000]);
      expect(echoed).toHaveLength(1);
    });

    it('that announces too much is not listened to', async () => {
      const connection = await Connection.open(world.url);
      const size = 100_000_000;
      await connection.write(headOf({ 'content-length': size }));
      const [answer] = await connection.answers();
      expect([answer!.status, answer!.json.error.code]).toEqual([413, -32000]);
    });

    it('is told to continue where it asks', async () => {
      const connection = await Connection.open(world.url);
      const body = era.message();
      const expectation = { expect: '100-continue', ...CLOSE };
      await connection.write(
        headOf({ ...expectation, 'content-length': body.length }),
      );
      await once(connection.socket, 'data');
      await connection.write(body);
      const [interim, answer] = await connection.answers();
      expect([interim!.status, answer!.status]).toEqual([100, 200]);
    });

    it.each(['PUT', 'PATCH', 'TRACE', 'PROPFIND', 'OPTIONS', 'HEAD'])(
      'knows no %s',
      async (method) => {
        const answer = await rawRequest(world.url, {
          method,
          headers: { ...era.headers, ...world.bearer() },
        });
        expect(answer.status).toBe(405);
        expect(answer.headers.allow).toContain('POST');
        expect(answer.headers['content-type']).toBe('application/json');
        if (method === 'HEAD') expect(answer.text).toBe('');
        else expect(JSON.parse(answer.text)).toMatchObject({ id: null });
      },
    );
  });

  it('of a session whose stream waits its turn is given up when it breaks', async () => {
    const client = await IsolationClient.open(world, ADA, 'session');
    const [, legacy] = ERAS[0]!;
    const body = legacy.message({
      name: '"wait"',
      input: '{"nonce":"queue"}',
    });
    const headers = { ...legacy.headers, ...client.headers };
    const connection = await Connection.open(world.url);
    await connection.write(
      head(world.url, 'POST', { ...headers, 'content-length': body.length }),
      body,
      head(world.url, 'GET', headers),
    );
    // That of the call, and that of the session.
    await vi.waitFor(() => expect(world.server.stats().streams).toBe(1));
    connection.destroy();
    await vi.waitFor(() => expect(world.server.stats().streams).toBe(0));
    // In a session, a connection that breaks is not a cancellation.
    const params = { requestId: 1 };
    const method = 'notifications/cancelled';
    await client.post({ jsonrpc: '2.0', method, params }).answer;
  });

  it('may carry a batch, whose calls are stopped with it', async () => {
    const [, legacy] = ERAS[0]!;
    const list = [1, 2, 3].map((id) =>
      legacy.message({
        id: String(id),
        name: '"wait"',
        input: `{"nonce":"batch ${id}"}`,
      }),
    );
    const body = `[${list.join(',')},{"jsonrpc":"2.0","method":"notifications/x"}]`;
    const connection = await Connection.open(world.url);
    const headers = { ...legacy.headers, ...world.bearer() };
    await connection.write(
      head(world.url, 'POST', { ...headers, 'content-length': body.length }),
      body,
    );
    await vi.waitFor(() => expect(waiting.contexts.size).toBe(3));
    connection.destroy();
    await vi.waitFor(() => expect(waiting.stopped.size).toBe(3));
  });

  it.each([
    ['too many', Array.from({ length: 51 }, (_, id) => String(id))],
    ['a batch among them', ['1', '[]']],
    ['a fraction for an id', ['1', '1.5']],
  ])('runs none of a batch with %s', async (_what, ids) => {
    const [, legacy] = ERAS[0]!;
    const list = ids.map((id) => legacy.message({ id }));
    const { status, text } = await rawRequest(world.url, {
      body: `[${list.join(',')}]`,
      headers: { ...legacy.headers, ...world.bearer() },
    });
    expect([status, JSON.parse(text).error.code]).toEqual([400, -32600]);
    expect(echoed).toEqual([]);
  });

  it('answers a batch of equal ids and calls, each on its own', async () => {
    const [, legacy] = ERAS[0]!;
    const list = Array.from({ length: 50 }, (_, index) =>
      legacy.message({ input: `{"nonce":"${index}"}` }),
    );
    const { text } = await rawRequest(world.url, {
      body: `[${list.join(',')}]`,
      headers: { ...legacy.headers, ...world.bearer() },
    });
    const answers = JSON.parse(text) as any[];
    const nonces = answers.map(({ result }) => result.structuredContent.nonce);
    expect(nonces.map(Number).sort((a, b) => a - b)).toEqual([...list.keys()]);
  });
});
