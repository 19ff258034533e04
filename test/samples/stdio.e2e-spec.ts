import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLIENTS } from '../mcp/stdio/support/clients.js';
import { compile, type CompiledProgram } from '../mcp/stdio/support/compile.js';

let program: CompiledProgram;

beforeAll(async () => {
  program = await compile('sample/04-stdio/src/main.ts');
}, 60_000);

afterAll(() => program[Symbol.dispose]());

const NO_CREDENTIAL = { KEYCARD_CLIENT_ID: '', KEYCARD_CLIENT_SECRET: '' };

it.each([
  ['usr_ada', 'usr_ada', '{"user":"usr_ada","scopes":["events:read"]'],
  ['', 'local', 'Set KEYCARD_USER_IDENTIFIER'],
])(
  'sample 04 works for whom the environment names: %j',
  async (user, subject, access) => {
    const [[, , connect]] = CLIENTS as [(typeof CLIENTS)[number]];
    const environment = { ...NO_CREDENTIAL, KEYCARD_USER_IDENTIFIER: user };
    const { raw: client } = await connect({
      script: program.script,
      environment,
    });
    const failures: Error[] = [];
    Object.assign(client, {
      onerror: (error: Error) => failures.push(error),
    });
    const caller = await client.callTool({ name: 'whoami' });
    const files = await client.callTool({ name: 'list_files' });
    const calendar = await client.callTool({ name: 'calendar_access' });
    await client.close();
    expect(caller.content[0].text).toBe(subject);
    expect(files.structuredContent.files).toContain('package.json');
    expect(calendar.content[0].text).toContain(access);
    expect(failures).toEqual([]);
  },
  60_000,
);
