import { once } from 'node:events';
import http from 'node:http';
import { McpServers } from 'nestjs-keycard';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stateOf } from '../changes/support/listening-clients.js';
import { McpCatalog } from '../../../lib/mcp/catalog/mcp-catalog.js';
import { ADAPTERS } from '../../support/adapters.js';
import { NotesWorld, type Caller } from '../../support/notes.world.js';
import { post, request } from '../../support/post.js';
import {
  eventsOf,
  modernRequest,
  SERVER_META,
  standardHeaders,
} from './support/modern-messages.js';

const ID = 'io.modelcontextprotocol/subscriptionId';

describe.each(ADAPTERS)('subscriptions/listen on %s', (_name, adapter) => {
  let world: NotesWorld;

  beforeAll(async () => {
    world = await NotesWorld.start(adapter(), {
      mcp: {
        subscriptions: {
          maxResources: 3,
          maxStreams: 3,
          maxStreamsPerCaller: 2,
        },
      },
    });
  });
  afterAll(() => world.stop());

  /** Sends a request, and gives the answer while it comes. */
  const listen = async (
    notifications: unknown,
    { caller = 'ada', id = 7 }: { caller?: Caller; id?: string | number } = {},
  ) => {
    const body = modernRequest(
      'subscriptions/listen',
      notifications === undefined ? {} : { notifications },
      {},
      id,
    );
    const sent = http.request(world.url, {
      method: 'POST',
      headers: {
        ...world.bearer(caller),
        ...standardHeaders(body),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
    });
    sent.end(JSON.stringify(body));
    const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
    const answer = { response, text: '', close: () => sent.destroy() };
    response.on('data', (chunk: Buffer) => (answer.text += String(chunk)));
    response.on('error', () => {});
    sent.on('error', () => {});
    return answer;
  };

  const ended = async (answer: Awaited<ReturnType<typeof listen>>) => {
    await vi.waitFor(() => expect(answer.response.readableEnded).toBe(true));
    return answer.text;
  };

  const acknowledged = async (answer: Awaited<ReturnType<typeof listen>>) => {
    await vi.waitFor(() => expect(answer.text).toContain('\n\n'));
    return eventsOf(answer.text)[0].params.notifications;
  };

  const freed = async () => {
    await vi.waitFor(() =>
      expect(stateOf(world.application).listeners).toBe(0),
    );
  };

  it('is acknowledged first, and tags what it tells', async () => {
    const answer = await listen(
      { toolsListChanged: true, promptsListChanged: false },
      { id: 'mine' },
    );
    expect(answer.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
    });
    expect(await acknowledged(answer)).toEqual({ toolsListChanged: true });
    const server = world.application.get(McpServers).get();
    const handler = () => '';
    (await server.addPrompt({ name: 'unheard', handler })).remove();
    (
      await server.addTool({ name: 'late', description: 'Late', handler })
    ).remove();
    await vi.waitFor(() => expect(eventsOf(answer.text)).toHaveLength(2));
    expect(eventsOf(answer.text)).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: {
          notifications: { toolsListChanged: true },
          _meta: { [ID]: 'mine' },
        },
      },
      {
        jsonrpc: '2.0',
        method: 'notifications/tools/list_changed',
        params: { _meta: { [ID]: 'mine' } },
      },
    ]);
    answer.close();
    await freed();
  });

  it('agrees on what the caller can read, in the order it was asked', async () => {
    const answer = await listen({
      resourcesListChanged: true,
      resourceSubscriptions: ['notes://a%2F1', 'other://a', 'notes://a%2F1'],
    });
    expect(await acknowledged(answer)).toEqual({
      resourcesListChanged: true,
      resourceSubscriptions: ['notes://a%2F1'],
    });
    answer.close();
    await freed();
  });

  it('is over at once when there is nothing to agree on', async () => {
    const text = await ended(
      await listen({ resourceSubscriptions: ['other://a'] }),
    );
    expect(eventsOf(text)).toEqual([
      expect.objectContaining({
        method: 'notifications/subscriptions/acknowledged',
      }),
      {
        jsonrpc: '2.0',
        id: 7,
        result: {
          resultType: 'complete',
          _meta: { [ID]: 7, [SERVER_META]: expect.any(Object) },
        },
      },
    ]);
    await freed();
  });

  it('asks for all scopes that are missing', async () => {
    const uris = ['notes://index', 'notes://secret', 'vault://gold'];
    const answer = await listen({ resourceSubscriptions: uris });
    await ended(answer);
    expect(answer.response.statusCode).toBe(403);
    expect(answer.response.headers['www-authenticate']).toContain(
      'scope="mcp:tools admin"',
    );
  });

  it('asks for scopes that only the handler knows of', async () => {
    const answer = await listen({ resourceSubscriptions: ['depends://a'] });
    await ended(answer);
    expect(answer.response.statusCode).toBe(403);
    expect(answer.response.headers['www-authenticate']).toContain('admin');
    await freed();
  });

  it.each([
    ['nothing', undefined],
    ['no object', []],
    ['a text for a flag', { toolsListChanged: 'yes' }],
    ['one URI', { resourceSubscriptions: 'notes://index' }],
    ['numbers', { resourceSubscriptions: [1] }],
    [
      'too many URIs',
      { resourceSubscriptions: ['a://1', 'a://2', 'a://3', 'a://4'] },
    ],
  ])('refuses a filter of %s', async (_case, filter) => {
    const answer = await listen(filter);
    const { error, id } = JSON.parse(await ended(answer));
    expect(answer.response.statusCode).toBe(400);
    expect({ code: error.code, id }).toEqual({ code: -32602, id: 7 });
    await freed();
  });

  it('is refused an id that it would repeat all the time', async () => {
    const id = 'i'.repeat(2000);
    const answer = await listen({ toolsListChanged: true }, { id });
    const { error } = JSON.parse(await ended(answer));
    expect([answer.response.statusCode, error.code]).toEqual([400, -32602]);
    await freed();
  });

  it('is unknown in the 2025 era, which looks at nothing that it names', async () => {
    const find = vi.spyOn(McpCatalog.prototype, 'findResource');
    const body = request('subscriptions/listen', {
      notifications: { resourceSubscriptions: ['notes://secret', 'a://b'] },
    });
    for (const sent of [body, [body]]) {
      const { status, json } = await post(world.url, sent, world.bearer());
      expect(status).toBe(200);
      expect([json].flat()[0].error.code).toBe(-32601);
    }
    expect(find).not.toHaveBeenCalled();
    find.mockRestore();
  });

  it('is limited by caller, and in all', async () => {
    const filter = { toolsListChanged: true };
    const answers = [
      await listen(filter),
      await listen(filter),
      await listen(filter),
      await listen(filter, { caller: 'bob' }),
      await listen(filter, { caller: 'bob' }),
    ];
    expect(answers.map(({ response }) => response.statusCode)).toEqual([
      200, 200, 503, 200, 503,
    ]);
    expect(answers[2]!.response.headers['retry-after']).toBe('30');
    for (const { close } of answers) close();
    await freed();
    const again = await listen(filter);
    expect(again.response.statusCode).toBe(200);
    again.close();
    await freed();
  });

  it('gives up on a client that stopped reading', async () => {
    const uri = `notes://index`;
    const answer = await listen({ resourceSubscriptions: [uri] });
    await acknowledged(answer);
    answer.response.pause();
    const server = world.application.get(McpServers).get();
    await vi.waitFor(
      async () => {
        for (let n = 0; n < 500; n++) {
          server.resourceUpdated(uri);
          await new Promise((resolve) => setImmediate(resolve));
        }
        expect(stateOf(world.application).listeners).toBe(0);
      },
      { timeout: 15_000, interval: 0 },
    );
    answer.close();
  });

  it('is answered when the server closes', async () => {
    const answer = await listen({ toolsListChanged: true });
    await acknowledged(answer);
    await world.application.close();
    expect(eventsOf(await ended(answer)).at(-1)).toMatchObject({
      id: 7,
      result: { resultType: 'complete' },
    });
  });
});
