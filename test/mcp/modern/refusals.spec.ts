import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { post, request } from '../../support/post.js';
import {
  CAPABILITIES_META,
  modernRequest,
  REVISION,
  standardHeaders,
  VERSION_META,
} from './support/modern-messages.js';
import { record } from './support/modern-tools.js';
import { ModernWorld } from './support/modern-world.js';

const call = (name: string, input: object = {}, meta = {}) =>
  modernRequest('tools/call', { name, arguments: input }, meta);

const withoutMeta = (...keys: string[]) => {
  const body = call('whoami');
  for (const key of keys) delete (body.params._meta as any)[key];
  return body;
};

/** What is sent, with which headers, and the status and error it gets. */
const REFUSALS: [string, object, Record<string, string>, number, object][] = [
  [
    'a revision nobody speaks',
    call('whoami', {}, { [VERSION_META]: '2099-01-01' }),
    { 'mcp-protocol-version': '2099-01-01' },
    400,
    {
      code: -32022,
      data: { supported: [REVISION], requested: '2099-01-01' },
    },
  ],
  [
    'no capabilities',
    withoutMeta(CAPABILITIES_META),
    {},
    400,
    { code: -32602 },
  ],
  ['no revision', withoutMeta(VERSION_META), {}, 400, { code: -32602 }],
  [
    'no _meta',
    { ...call('whoami'), params: { name: 'whoami' } },
    {},
    400,
    { code: -32602 },
  ],
  [
    'a header of another revision',
    call('whoami'),
    { 'mcp-protocol-version': '2025-11-25' },
    400,
    { code: -32020 },
  ],
  [
    'a header of another method',
    call('whoami'),
    { 'mcp-method': 'tools/list' },
    400,
    { code: -32020 },
  ],
  [
    'a header of another tool',
    call('whoami'),
    { 'mcp-name': 'purge' },
    400,
    { code: -32020 },
  ],
  [
    'a name in bad Base64',
    call('whoami'),
    { 'mcp-name': '=?base64?d2hv!?=' },
    400,
    { code: -32020 },
  ],
  [
    'a log level that is none',
    call('whoami', {}, { 'io.modelcontextprotocol/logLevel': 'loud' }),
    {},
    400,
    { code: -32602 },
  ],
  [
    'an unknown method',
    modernRequest('tools/invent'),
    {},
    404,
    { code: -32601 },
  ],
  ...[
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'resources/unsubscribe',
  ].map((method): [string, object, Record<string, string>, number, object] => [
    `the removed method ${method}`,
    modernRequest(method, { level: 'info', uri: 'a:b' }),
    {},
    404,
    { code: -32601 },
  ]),
  [
    'a method that is not served',
    modernRequest('prompts/list'),
    {},
    404,
    { code: -32601 },
  ],
  ['an unknown tool', call('nobody'), {}, 200, { code: -32602 }],
  [
    'arguments that are none',
    modernRequest('tools/call', { name: 'whoami', arguments: 3 }),
    {},
    200,
    { code: -32602 },
  ],
  [
    'an unknown cursor',
    modernRequest('tools/list', { cursor: 'x' }),
    {},
    200,
    { code: -32602 },
  ],
  [
    'answers that are no object',
    modernRequest('tools/call', { name: 'deploy', inputResponses: null }),
    {},
    200,
    { code: -32602 },
  ],
  ['a batch', [call('whoami')], {}, 400, { code: -32600 }],
  [
    'something else than a message',
    { hello: 'world' },
    {},
    400,
    { code: -32600 },
  ],
];

/** Headers beside the arguments `{ region: 'eu', size: 42, deep: { flag } }`. */
const PARAMETERS: [string, Record<string, string>, object, number][] = [
  ['all as they are', { region: 'eu', size: '42', flag: 'true' }, {}, 200],
  ['a number in another form', { size: '42.0' }, {}, 200],
  ['one in Base64', { region: '=?base64?ZXU=?=' }, {}, 200],
  [
    'text that no header could have',
    { region: '=?base64?w7w=?=' },
    { region: 'ü' },
    200,
  ],
  ['one that has no argument', {}, { region: undefined }, 200],
  ['one that differs', { region: 'us' }, {}, 400],
  ['one that differs in a number', { size: '43' }, {}, 400],
  ['one that differs further down', { flag: 'false' }, {}, 400],
  ['one in broken Base64', { region: '=?base64?Z?=' }, {}, 400],
  ['one in Base64 of no text', { region: '=?base64?/w==?=' }, {}, 400],
  ['one that is missing', { region: '' }, {}, 400],
];

describe.each(ADAPTERS)('the modern era on %s refuses', (_name, adapter) => {
  let world: ModernWorld;
  beforeAll(async () => {
    world = await ModernWorld.start(adapter());
  });
  afterAll(() => world.stop());
  beforeEach(() => record.reset());

  it.each(REFUSALS)('%s', async (_what, body, headers, status, error) => {
    const answer = await world.send(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.json.error).toMatchObject(error);
    expect(answer.json.id).toBe('id' in body ? 1 : null);
    expect(record.runs).toEqual([]);
  });

  it.each(['mcp-protocol-version', 'mcp-method', 'mcp-name'])(
    'a request without %s',
    async (header) => {
      const body = call('whoami');
      const { [header]: _, ...headers } = standardHeaders(body);
      const answer = await post(world.url, body, {
        ...headers,
        ...world.bearer(),
      });
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ id: 1, error: { code: -32020 } });
      expect(record.runs).toEqual([]);
    },
  );

  it.each(PARAMETERS)(
    'or takes parameters: %s',
    async (_w, sent, and, status) => {
      const all = { region: 'eu', size: '42', flag: 'true', ...sent };
      const headers = Object.fromEntries(
        Object.entries(all)
          .filter(([, value]) => value !== '')
          .map(([name, value]) => [`mcp-param-${name}`, value]),
      );
      const input = { region: 'eu', size: 42, deep: { flag: true }, ...and };
      const answer = await world.call('routed', input, { headers });
      expect(answer.status).toBe(status);
      expect(answer.json.error?.code).toBe(status === 400 ? -32020 : undefined);
      expect(record.runs).toEqual(status === 400 ? [] : ['routed']);
    },
  );

  it('a caller without a token before anything else', async () => {
    const { status, headers, text } = await post(
      world.url,
      call('whoami', {}, { [VERSION_META]: '2099-01-01' }),
      standardHeaders(call('whoami')),
    );
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('resource_metadata=');
    expect(text).not.toContain('2099');
  });

  it('headers before it looks at scopes', async () => {
    const headers = { 'mcp-name': 'whoami' };
    const { status } = await world.call('purge', {}, { headers });
    expect(status).toBe(400);
  });

  it.each(['GET', 'DELETE'])('%s', async (method) => {
    const { status, headers } = await fetch(world.url, {
      method,
      headers: { ...world.bearer(), 'mcp-protocol-version': REVISION },
    });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('POST');
  });

  it('no notification, and answers none', async () => {
    const { id: _, ...body } = modernRequest('notifications/cancelled', {
      requestId: 1,
    });
    const { status, text } = await world.send(body);
    expect([status, text]).toEqual([202, '']);
  });

  it('nothing of the 2025 era', async () => {
    const answer = await post(world.url, request('tools/list'), world.bearer());
    expect(answer.status).toBe(200);
    expect(answer.json.result).not.toHaveProperty('resultType');
  });

  it('without a word in the log', async () => {
    const before = world.logger.lines.length;
    for (const [, body, headers] of REFUSALS) await world.send(body, headers);
    await world.call('purge');
    expect(world.logger.lines.slice(before)).toEqual([]);
  });
});
