import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compile, type CompiledProgram } from './support/compile.js';
import { ProgramProcess } from './support/program-process.js';

const LIMIT = 10_000;
const module = { zoneUrl: 'http://localhost:1', mcp: { bodyLimit: LIMIT } };

let program: CompiledProgram;

beforeAll(async () => {
  program = await compile();
}, 60_000);

afterAll(() => program[Symbol.dispose]());

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

const ERAS: readonly [
  era: string,
  meta: object,
  open: (child: ProgramProcess) => Promise<void>,
][] = [
  ['the 2025 era', {}, (child) => child.initialize()],
  [
    'the modern era',
    { _meta: MODERN_META },
    async (child) => {
      const params = { _meta: MODERN_META };
      child.send({ id: 'list', method: 'tools/list', params });
      await child.answerTo('list');
    },
  ],
];

describe.each(ERAS)('a line in %s', (_era, meta, open) => {
  let child: ProgramProcess;

  beforeAll(async () => {
    child = ProgramProcess.start({
      script: program.script,
      settings: { module },
    });
    await open(child);
  }, 60_000);

  afterAll(() => child[Symbol.asyncDispose]());

  const CASES: readonly [
    what: string,
    line: string | Buffer,
    id: number | null,
    code: number,
  ][] = [
    ['no JSON', 'GET / HTTP/1.1', null, -32700],
    ['half a message', '{"jsonrpc":"2.0","id":1', null, -32700],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), null, -32700],
    ['a text', '"hello"', null, -32600],
    ['another protocol', '{"id":101,"method":"ping"}', 101, -32600],
    [
      'an id that is none',
      '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
      null,
      -32600,
    ],
    [
      'params that are none',
      '{"jsonrpc":"2.0","id":102,"method":"tools/list","params":[]}',
      102,
      -32600,
    ],
    [
      'a progress token that is none',
      '{"jsonrpc":"2.0","id":103,"method":"tools/list","params":{"_meta":{"progressToken":{}}}}',
      103,
      -32600,
    ],
    ['a batch', '[{"jsonrpc":"2.0","id":104,"method":"ping"}]', null, -32600],
    [
      'too long',
      JSON.stringify({ jsonrpc: '2.0', id: 105, method: 'x'.repeat(LIMIT) }),
      null,
      -32600,
    ],
    [
      'too long, and ends like a message',
      `${'x'.repeat(200_000)}{"jsonrpc":"2.0","id":106,"method":"tools/list"}`,
      null,
      -32600,
    ],
  ];

  it.each(CASES)(
    'that is %s is answered, and left out',
    async (_what, line, id, code) => {
      const before = child.messages.length;
      child.write(line);
      await vi.waitFor(() =>
        expect(child.messages.length).toBeGreaterThan(before),
      );
      const answers = child.messages.slice(before);
      expect(answers).toEqual([
        { jsonrpc: '2.0', id, error: { code, message: expect.any(String) } },
      ]);
      // It goes on as if nothing had been.
      child.call(before + 1_000, 'add', { arguments: { a: 1, b: 1 }, ...meta });
      const { result } = await child.answerTo(before + 1_000);
      expect(result.structuredContent).toEqual({ sum: 2 });
    },
    30_000,
  );

  it('may end as on Windows, be blank, and come in pieces', async () => {
    const params = { name: 'whoami', arguments: {}, ...meta };
    const text = JSON.stringify({
      jsonrpc: '2.0',
      id: 'é',
      method: 'tools/call',
      params,
    });
    const bytes = Buffer.from(`\n\r\n${text}\r\n`);
    const middle = bytes.indexOf('é') + 1;
    child.child.stdin.write(bytes.subarray(0, middle));
    await vi.waitFor(() => expect(child.child.stdin.writableLength).toBe(0));
    child.child.stdin.write(bytes.subarray(middle));
    const { result } = await child.answerTo('é');
    expect(result.structuredContent.subject).toBe('local');
  });

  it.each(['nowhere/at-all', 'resources/erase'])(
    'with the unknown method %s is refused',
    async (method) => {
      child.send({ id: `x ${method}`, method, params: { ...meta } });
      const { error } = await child.answerTo(`x ${method}`);
      expect(error.code).toBe(-32601);
    },
  );

  it('that answers what nobody asked changes nothing', async () => {
    const before = child.messages.length;
    child.send({ id: 0, result: {} });
    child.send({ id: 12_345, error: { code: 1, message: 'no' } });
    child.send({ method: 'notifications/unheard-of' });
    child.send({
      method: 'notifications/cancelled',
      params: { requestId: 77 },
    });
    child.call(5_000, 'add', { arguments: { a: 1, b: 2 }, ...meta });
    await child.answerTo(5_000);
    expect(child.messages.slice(before)).toHaveLength(1);
  });

  it('of any length is written whole', async () => {
    child.call(6_000, 'flood', meta);
    child.call(6_001, 'flood', meta);
    const { result } = await child.answerTo(6_001);
    await child.answerTo(6_000);
    expect(result.content[0].text).toHaveLength(3_000_000);
  });
});

describe('an era', () => {
  it('is decided by the first message, for good', async () => {
    await using child = ProgramProcess.start({
      script: program.script,
      settings: { module },
    });
    const params = { _meta: MODERN_META };
    child.send({ id: 1, method: 'server/discover', params });
    const { result } = await child.answerTo(1);
    child.send({ id: 2, method: 'tools/list', params });
    await child.answerTo(2);
    child.send({
      id: 3,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'raw', version: '1' },
      },
    });
    child.send({
      id: 4,
      method: 'resources/subscribe',
      params: { uri: 'note://1', ...params },
    });
    child.call(5, 'wait', params);
    child.call(5, 'add', params);
    const again = await child.answerTo(5);
    expect(result.supportedVersions).toContain('2026-07-28');
    expect((await child.answerTo(3)).error.code).toBe(-32022);
    expect((await child.answerTo(4)).error.code).toBe(-32601);
    // Two requests of one id could not be told apart.
    expect(again.error.code).toBe(-32600);
  }, 60_000);

  it('may be looked at before: discovery decides nothing yet', async () => {
    await using child = ProgramProcess.start({
      script: program.script,
      settings: { module },
    });
    child.send({
      id: 1,
      method: 'server/discover',
      params: { _meta: MODERN_META },
    });
    await child.answerTo(1);
    await child.initialize();
    child.send({
      id: 2,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'raw', version: '1' },
      },
    });
    child.call(3, 'whoami');
    const { result } = await child.answerTo(3);
    expect(result.structuredContent.era).toBe('legacy');
    expect((await child.answerTo(2)).error.code).toBe(-32600);
  }, 60_000);

  it.each([
    ['legacy', 'tools/list', { _meta: MODERN_META }, '2025-11-25'],
    [
      'modern',
      'initialize',
      {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'raw', version: '1' },
      },
      '2026-07-28',
    ],
  ])(
    'other than the only one, %s, is refused',
    async (eras, method, params, supported) => {
      await using child = ProgramProcess.start({
        script: program.script,
        settings: { module: { ...module, mcp: { eras } } },
      });
      child.send({ id: 1, method, params });
      const { error } = await child.answerTo(1);
      expect(error.code).toBe(-32022);
      expect(error.data.supported).toContain(supported);
    },
    60_000,
  );
});
