import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import * as sdk from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EntryRegistry } from '../../../lib/mcp/catalog/entry-registry.js';
import type { McpContext } from '../../../lib/mcp/context/mcp-context.js';
import { JsonRpcError } from '../../../lib/mcp/json-rpc.error.js';
import { InputRequiredError } from '../../../lib/mcp/input/input-required.error.js';
import { ModernEndpoint } from '../../../lib/mcp/modern/modern-endpoint.js';
import { ParameterHeaders } from '../../../lib/mcp/modern/parameter-headers.js';
import type { ModernSdk } from '../../../lib/mcp/modern/modern-sdk.loader.js';
import { RequestStateSealer } from '../../../lib/mcp/modern/request-state.sealer.js';
import type {
  Caller,
  McpRequest,
  MethodDispatcher,
} from '../../../lib/mcp/transport/transport.interfaces.js';
import { MCP_ENDPOINT_DEFAULTS } from '../../../lib/mcp/transport/mcp-endpoint.interface.js';
import { encodeOnce } from '../../../lib/mcp/results/encode-once.js';
import { CallRefusalError } from '../../../lib/mcp/transport/call-refusal.error.js';
import {
  EndpointHarness,
  JSON_HEADERS,
  textOf,
} from '../transport/support/endpoint.harness.js';
import { FakeDispatcher } from '../transport/support/fake-dispatcher.js';
import {
  eventsOf,
  LOG_META,
  modernRequest,
  SERVER_META,
  standardHeaders,
} from './support/modern-messages.js';

/** Everything a server may have one day, in one line each. */
class EveryMethod implements MethodDispatcher {
  timeout = 0;
  private readonly fake = new FakeDispatcher();
  private readonly methods: Record<
    string,
    (request: McpRequest, context: McpContext) => unknown
  > = {
    'resources/list': () => ({ resources: [], ttlMs: 5, cacheScope: 'public' }),
    'resources/templates/list': () => ({ resourceTemplates: [], ttlMs: -1 }),
    'prompts/list': () => Promise.resolve({ prompts: [], nextCursor: 'n' }),
    'resources/read': ({ params }) => {
      if (params?.['uri'] === 'test://lost') {
        throw new JsonRpcError(-32002, 'Resource not found', { uri: 'lost' });
      }
      if (params?.['uri'] === 'test://ageless') {
        return { contents: [], ttlMs: Number.POSITIVE_INFINITY };
      }
      return { contents: [{ uri: 'test://a', text: 'a' }], ttlMs: 9 };
    },
    'completion/complete': () => ({ completion: { values: ['a'] } }),
    'prompts/get': (_request, context) => {
      if (context.inputResponses['name']) return { messages: [] };
      throw new InputRequiredError({
        requests: { name: { method: 'roots/list' } },
      });
    },
    'vendor/own': ({ params }) => ({ params }),
    'vendor/forwards': () => ({
      resultType: 'input_required',
      inputRequests: { password: { method: 'elicitation/create' } },
    }),
    'vendor/late': () => new Promise(() => {}),
    'vendor/lost': async (_request, context) => {
      await context.progress(1);
      return { big: 1n };
    },
    'vendor/refuses': ({ params }, context) => {
      if (params?.['late']) void context.progress(1);
      throw new CallRefusalError((response) => response.writeHead(403).end(), {
        result: { said: 'in the result' },
      });
    },
    'vendor/asks': () => {
      throw new InputRequiredError({ state: 1 });
    },
    'tools/call': (request, context) =>
      this.fake.dispatch(request, context as never),
  };

  handles(method: string): boolean {
    return Object.hasOwn(this.methods, method);
  }

  timeoutOf(): number {
    return this.timeout;
  }

  dispatch(request: McpRequest, context: McpContext): unknown {
    return this.methods[request.method]!(request, context);
  }
}

let servers = 0;

class CountedServer extends sdk.Server {
  constructor(...init: ConstructorParameters<typeof sdk.Server>) {
    super(...init);
    servers += 1;
  }
}

/** How requests that are as they should be are answered: alike. */
const ROUTES: [route: string, sdk: ModernSdk, serversPerRequest: number][] = [
  ['directly', { ...sdk, Server: CountedServer }, 0],
  [
    'by the package',
    {
      ...sdk,
      Server: CountedServer,
      classifyInboundRequest: () => ({ kind: 'legacy', reason: 'no-claim' }),
    },
    1,
  ],
];

describe.each(ROUTES)('ModernEndpoint, %s', (_route, used, perRequest) => {
  const harness = new EndpointHarness();
  let dispatcher: EveryMethod;
  let modern: ModernEndpoint;

  beforeEach(async () => {
    servers = 0;
    dispatcher = new EveryMethod();
    await harness.start({
      modern: { handle: (...request) => modern.handle(...request) },
    });
    modern = new ModernEndpoint({
      sdk: used,
      dispatcher,
      gate: harness.gate,
      sealer: new RequestStateSealer({ audience: 'test' }),
      parameterHeaders: new ParameterHeaders(new EntryRegistry()),
      serverInfo: { name: 'test', version: '1' },
      capabilities: { tools: { listChanged: true }, logging: {} },
      keepAliveInterval: 0,
      subscriptions: MCP_ENDPOINT_DEFAULTS.subscriptions,
      logger: {
        error: (message, cause) =>
          harness.log.push({ level: 'error', message, cause }),
        warn: (message, cause) =>
          harness.log.push({ level: 'warn', message, cause }),
      },
    });
  });

  afterEach(async () => {
    await vi.waitFor(() => expect(modern.size).toBe(0));
    await modern.close();
    await harness.stop();
  });

  const send = async (method: string, params = {}, meta = {}) => {
    const body = modernRequest(method, params, meta);
    const answer = await harness.post(body, standardHeaders(body));
    return { ...answer, json: JSON.parse(answer.text) };
  };

  const open = async (body: object, headers = {}): Promise<IncomingMessage> => {
    const request = harness.open('POST', {
      ...JSON_HEADERS,
      ...standardHeaders(body),
      ...headers,
    });
    request.end(JSON.stringify(body));
    const [response] = await once(request, 'response');
    return response as IncomingMessage;
  };

  it('needs no server of the package where the request is plain', async () => {
    await send('tools/call', { name: 'nothing' });
    expect(servers).toBe(perRequest);
    await send('vendor/own');
    expect(servers).toBe(perRequest + 1);
  });

  it('answers in the same form', async () => {
    const params = { name: 'echo', arguments: { message: 'ä' } };
    const { status, headers, json } = await send('tools/call', params);
    expect([status, headers['content-type']]).toEqual([
      200,
      'application/json',
    ]);
    expect(json).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: {
        resultType: 'complete',
        content: [{ type: 'text', text: 'ä' }],
        _meta: { [SERVER_META]: { name: 'test', version: '1' } },
      },
    });
  });

  it('answers many requests with a list that was written once', async () => {
    const list = encodeOnce({ prompts: [{ name: 'ä' }] });
    dispatcher.dispatch = () => list;
    for (const id of [1, 'two']) {
      const body = modernRequest('prompts/list', {}, {}, id);
      const { text } = await harness.post(body, standardHeaders(body));
      expect(JSON.parse(text)).toEqual({
        jsonrpc: '2.0',
        id,
        result: {
          resultType: 'complete',
          ttlMs: 60_000,
          cacheScope: 'private',
          ...list,
          _meta: { [SERVER_META]: { name: 'test', version: '1' } },
        },
      });
    }
  });

  it.each([
    ['resources/list', { ttlMs: 5, cacheScope: 'private', resources: [] }],
    ['resources/templates/list', { ttlMs: 60_000, cacheScope: 'private' }],
    ['prompts/list', { nextCursor: 'n', cacheScope: 'private' }],
    ['resources/read', { ttlMs: 9, cacheScope: 'private' }],
    ['completion/complete', { completion: { values: ['a'] } }],
    ['vendor/own', { params: { uri: 'test://a' } }],
  ])('serves %s because the dispatcher does', async (method, expected) => {
    const { status, json } = await send(method, { uri: 'test://a' });
    expect(status).toBe(200);
    expect(json.result).toMatchObject({ resultType: 'complete', ...expected });
  });

  it('says how long a resource may be kept, whatever its handler said', async () => {
    const { json } = await send('resources/read', { uri: 'test://ageless' });
    expect(json.result.ttlMs).toBe(0);
  });

  it('asks nothing because of what a handler passes on', async () => {
    const { json } = await send('vendor/forwards');
    expect(json.result.resultType).toBe('complete');
  });

  it('does not begin when the client left before its state was open', async () => {
    const reading = vi.spyOn(RequestStateSealer.prototype, 'open');
    let opened = (_state: unknown) => {};
    reading.mockReturnValue(new Promise((resolve) => (opened = resolve)));
    const dispatch = vi.spyOn(dispatcher, 'dispatch');
    const handle = vi.spyOn(modern, 'handle');
    const params = { name: 'nothing', requestState: 'sealed' };
    const body = modernRequest('tools/call', params);
    const headers = { ...JSON_HEADERS, ...standardHeaders(body) };
    const request = harness.open('POST', headers);
    request.on('error', () => {});
    request.end(JSON.stringify(body));
    await vi.waitFor(() => expect(reading).toHaveBeenCalled());
    request.destroy();
    const [, response] = handle.mock.calls[0]!;
    await vi.waitFor(() => expect(response.destroyed).toBe(true));
    opened({});
    await vi.waitFor(() => expect(modern.size).toBe(0));
    expect(dispatch).not.toHaveBeenCalled();
    reading.mockRestore();
  });

  it('does not use an error of the 2025 era for a lost resource', async () => {
    const { json } = await send('resources/read', { uri: 'test://lost' });
    expect(json.error).toEqual({
      code: -32602,
      message: 'Resource not found',
      data: { uri: 'lost' },
    });
  });

  it('takes several rounds for a prompt', async () => {
    const meta = {
      'io.modelcontextprotocol/clientCapabilities': { roots: {} },
    };
    const first = await send('prompts/get', { name: 'p' }, meta);
    expect(first.json.result).toMatchObject({
      resultType: 'input_required',
      inputRequests: { name: { method: 'roots/list' } },
    });
    const inputResponses = { name: { roots: [] } };
    const second = await send('prompts/get', { name: 'p', inputResponses });
    expect(second.json.result.resultType).toBe('complete');
  });

  it('takes no rounds for anything else', async () => {
    const { json } = await send('vendor/asks');
    expect(json.error.code).toBe(-32603);
    expect(String(harness.log[0]!.cause)).toContain('cannot ask its client');
  });

  it('gives up what takes too long', async () => {
    dispatcher.timeout = 1;
    const { json } = await send('vendor/late');
    expect(json.error).toEqual({ code: -32001, message: 'Request timed out' });
  });

  it.each([
    'bigint',
    'cycle',
    'functionResult',
    'throwsNull',
    'throwsUndefined',
    'boom',
  ])('answers %s with nothing but an internal error', async (name) => {
    const { text, json } = await send('tools/call', { name });
    expect(json).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32603, message: 'Internal error' },
    });
    expect(text).not.toContain('secret');
    expect(harness.log.map(({ level }) => level)).toEqual(['error']);
  });

  it('answers on its stream when it has one', async () => {
    const body = modernRequest('vendor/lost', {}, { progressToken: 1 });
    const { status, text } = await harness.post(body, standardHeaders(body));
    expect(status).toBe(200);
    expect(eventsOf(text)).toMatchObject([
      { params: { progress: 1 } },
      { id: 1, error: { code: -32603, message: 'Internal error' } },
    ]);
  });

  it('drops a notification that is not JSON, and goes on', async () => {
    const body = modernRequest(
      'tools/call',
      { name: 'unwritable' },
      { [LOG_META]: 'debug', progressToken: 1 },
    );
    const { text } = await harness.post(body, standardHeaders(body));
    expect(JSON.parse(text).result.content[0].text).toBe('survived');
    expect(harness.log).toMatchObject([{ level: 'warn' }]);
  });

  it('takes no result for an empty one', async () => {
    const { json } = await send('tools/call', { name: 'nothing' });
    expect(json.result).toMatchObject({ resultType: 'complete' });
  });

  it('sends progress that grows, and no other', async () => {
    const body = modernRequest(
      'tools/call',
      { name: 'progress' },
      { progressToken: 0 },
    );
    const { text } = await harness.post(body, standardHeaders(body));
    const sent = eventsOf(text).slice(0, -1);
    expect(sent.map(({ params }) => params.progress)).toEqual([1, 2]);
  });

  it('lets a tool wait for a client that does not read', async () => {
    const input = { size: 1_000 };
    const body = modernRequest(
      'tools/call',
      { name: 'flood', arguments: input },
      { [LOG_META]: 'debug' },
    );
    const response = await open(body);
    const text = await textOf(response);
    const { result } = eventsOf(text).at(-1);
    expect(result.content[0].text).toBe('true');
  });

  it('is refused by the gate after the headers were checked', async () => {
    const body = modernRequest('tools/call', { name: 'forbidden' });
    const headers = standardHeaders(body);
    expect((await harness.post(body, headers)).status).toBe(403);
    const wrong = { ...headers, 'mcp-name': 'other' };
    expect((await harness.post(body, wrong)).status).toBe(400);
  });

  it('is refused by HTTP until something is under way', async () => {
    const meta = { progressToken: 1 };
    const ask = async (params: object) => {
      const body = modernRequest('vendor/refuses', { ...params }, meta);
      return harness.post(body, standardHeaders(body));
    };
    expect(await ask({})).toMatchObject({ status: 403, text: '' });
    const { status, text } = await ask({ late: true });
    expect(status).toBe(200);
    expect(eventsOf(text)).toMatchObject([
      { params: { progress: 1 } },
      { id: 1, result: { said: 'in the result' } },
    ]);
  });

  const listen = modernRequest('subscriptions/listen', {
    notifications: { toolsListChanged: true },
  });

  it('tells who listens what has changed, until the server closes', async () => {
    const response = await open(listen);
    const chunks = response[Symbol.asyncIterator]();
    const { value: first } = await chunks.next();
    modern.tell({ type: 'tools_list_changed' });
    await modern.close();
    let text = String(first);
    for await (const chunk of chunks) text += String(chunk);
    const events = eventsOf(text);
    expect(events.map(({ method }) => method)).toEqual([
      'notifications/subscriptions/acknowledged',
      'notifications/tools/list_changed',
      undefined,
    ]);
    expect(events.at(-1)).toMatchObject({ id: 1, result: {} });
  });

  it('stops telling when the token has expired', async () => {
    const inASecond = Math.ceil(Date.now() / 1000);
    const response = await open(listen, { 'x-expires': String(inASecond) });
    expect(eventsOf(await textOf(response))[0]).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
    });
  });

  it('forgets who stopped listening', async () => {
    const response = await open(listen);
    expect(modern.size).toBe(1);
    response.destroy();
    await vi.waitFor(() => expect(modern.size).toBe(0));
  });

  it('does not touch a response that somebody else has answered', async () => {
    const answered = vi.fn<() => void>();
    const response = Object.assign(
      new (await import('node:stream')).Writable(),
      {
        headersSent: true,
        writeHead: answered,
      },
    );
    const request = { headers: { ...JSON_HEADERS }, method: 'POST' };
    await modern.handle(
      Object.assign(request, {
        headers: { ...request.headers, ...standardHeaders(listen) },
      }) as never,
      response as never,
      modernRequest('server/discover'),
      { principal: {}, identity: 'a' } as Caller,
    );
    expect(answered).not.toHaveBeenCalled();
  });
});
