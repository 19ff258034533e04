import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, type CompiledProgram } from './support/compile.js';
import { ProgramProcess } from './support/program-process.js';

const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfZXZpbCJ9.c2lnbmF0dXJl';

let program: CompiledProgram;

beforeAll(async () => {
  program = await compile();
}, 60_000);

afterAll(() => program[Symbol.dispose]());

async function start(
  options: object,
  environment: Record<string, string> = {},
  module: object = {},
): Promise<ProgramProcess> {
  const child = ProgramProcess.start({
    script: program.script,
    settings: {
      module: {
        zoneUrl: 'http://localhost:1',
        resourceUrl: 'https://mcp.example.test/mcp',
        ...module,
      },
      options,
    },
    environment,
  });
  await child.initialize();
  return child;
}

describe('whoever started the process', () => {
  let child: ProgramProcess;

  beforeAll(async () => {
    child = await start(
      {},
      {
        KEYCARD_USER_IDENTIFIER: ' usr_ada ',
        KEYCARD_ACCESS_TOKEN: TOKEN,
        KEYCARD_TOKEN: TOKEN,
        MCP_TOKEN: TOKEN,
        AUTHORIZATION: `Bearer ${TOKEN}`,
        HTTP_AUTHORIZATION: `Bearer ${TOKEN}`,
      },
    );
  }, 60_000);

  afterAll(() => child[Symbol.asyncDispose]());

  it.each([
    ['nothing', {}],
    ['a token', { _meta: { authorization: `Bearer ${TOKEN}`, token: TOKEN } }],
    ['headers', { _meta: { headers: { authorization: `Bearer ${TOKEN}` } } }],
    [
      'a user',
      {
        _meta: { KEYCARD_USER_IDENTIFIER: 'usr_evil', user: 'usr_evil' },
        authInfo: { token: TOKEN, clientId: 'evil' },
      },
    ],
  ])(
    'is whom the environment names, whatever a message brings: %s',
    async (what, params) => {
      const id = what.length;
      child.call(id, 'whoami', params);
      const { result } = await child.answerTo(id);
      expect(result.structuredContent).toEqual({
        issuer: 'http://localhost:1',
        subject: 'usr_ada',
        clientId: 'stdio',
        scopes: ['files:write', 'secrets'],
        audience: ['https://mcp.example.test/mcp'],
        resource: 'https://mcp.example.test/mcp',
        claims: {},
        neverExpires: true,
        era: 'legacy',
        hasSession: true,
      });
      expect(child.stdout + child.stderr).not.toContain('c2lnbmF0dXJl');
    },
  );

  it('may do all that there is, but what only a handler knows of', async () => {
    child.call(1_001, 'guarded');
    child.call(1_002, 'finds_out');
    const written = await child.answerTo(1_001);
    const refused = await child.answerTo(1_002);
    expect(written.result.content[0].text).toBe('written');
    expect(refused.result).toEqual({
      isError: true,
      content: [
        {
          type: 'text',
          text: 'This needs the scope files:delete, which this server was not started with.',
        },
      ],
    });
  });
});

describe('scopes that are given', () => {
  let child: ProgramProcess;

  beforeAll(async () => {
    child = await start({ scopes: ['files:delete'], server: '/mcp' });
  }, 60_000);

  afterAll(() => child[Symbol.asyncDispose]());

  it('are all that the process has', async () => {
    child.call(1, 'whoami');
    const { result } = await child.answerTo(1);
    expect(result.structuredContent.scopes).toEqual(['files:delete']);
  });

  it('decide over what is listed', async () => {
    child.send({ id: 2, method: 'tools/list' });
    child.send({ id: 3, method: 'resources/templates/list' });
    const tools = (await child.answerTo(2)).result.tools as { name: string }[];
    const { resourceTemplates } = (await child.answerTo(3)).result;
    expect(tools.map(({ name }) => name)).not.toContain('guarded');
    expect(resourceTemplates).toHaveLength(1);
  });

  it.each([
    ['tools/call', { name: 'guarded' }, 'files:write'],
    ['tools/call', { name: 'finds_out' }, 'files:delete'],
  ])(
    'are named by a tool that needs others: %s %j',
    async (method, params, scope) => {
      const id = `${method} ${params.name}`;
      child.send({ id, method, params });
      const { result } = await child.answerTo(id);
      expect(result.isError).toBe(true);
      expect(result.content[0].text).toContain(`the scope ${scope},`);
    },
  );

  it.each(['resources/read', 'resources/subscribe'])(
    'are named by the error of what is no tool: %s',
    async (method) => {
      child.send({ id: method, method, params: { uri: 'secret://1' } });
      const { error } = await child.answerTo(method);
      expect(error).toEqual({
        code: -32600,
        message:
          'This needs the scope secrets, which this server was not started with.',
      });
    },
  );
});

it('lets nobody do anything without the scopes of the resource', async () => {
  await using child = await start(
    { scopes: ['files:write'] },
    {},
    { requiredScopes: ['mcp:use'] },
  );
  child.call(1, 'whoami');
  child.call(2, 'guarded');
  child.send({ id: 3, method: 'tools/list' });
  const answers = [
    await child.answerTo(1),
    await child.answerTo(2),
    await child.answerTo(3),
  ];
  expect(answers.map((one) => JSON.stringify(one))).toEqual([
    expect.stringContaining('the scope mcp:use,'),
    expect.stringContaining('the scopes mcp:use files:write,'),
    expect.stringContaining('the scope mcp:use,'),
  ]);
}, 60_000);
