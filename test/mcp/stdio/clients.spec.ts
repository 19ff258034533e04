import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CLIENTS, type LocalClient } from './support/clients.js';
import { compile, type CompiledProgram } from './support/compile.js';

const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';

let program: CompiledProgram;

beforeAll(async () => {
  program = await compile();
}, 60_000);

afterAll(() => program[Symbol.dispose]());

describe.each(CLIENTS)('the client of %s', (name, era, connect) => {
  let local: LocalClient;
  let client: any;

  beforeAll(async () => {
    const settings = { module: { zoneUrl: 'http://localhost:1' } };
    local = await connect({ script: program.script, settings });
    client = local.raw;
  }, 60_000);

  afterAll(() => client.close());

  const call = (tool: string, input: object = {}) =>
    client.callTool({ name: tool, arguments: input });

  it('finds tools, resources and prompts', async () => {
    const { tools } = await client.listTools();
    const { resourceTemplates } = await client.listResourceTemplates();
    const { prompts } = await client.listPrompts();
    expect(tools.map(({ name }: any) => name)).toContain('whoami');
    expect(resourceTemplates).toHaveLength(2);
    expect(prompts).toEqual([expect.objectContaining({ name: 'greet' })]);
  });

  it('uses them', async () => {
    const sum = await call('add', { a: 2, b: 3 });
    const wrong = await call('add', { a: 'two', b: 3 });
    const note = await client.readResource({ uri: 'note://7' });
    const prompt = await client.getPrompt({
      name: 'greet',
      arguments: { name: 'Ada' },
    });
    const completion = await client.complete({
      ref: { type: 'ref/resource', uri: 'note://{id}' },
      argument: { name: 'id', value: '' },
    });
    expect(sum.structuredContent).toEqual({ sum: 5 });
    expect(wrong.isError).toBe(true);
    expect(note.contents[0].text).toBe('note 7');
    expect(prompt.messages[0].content.text).toBe('Greet Ada');
    expect(completion.completion.values).toEqual(['1', '2']);
  });

  it('is known as whoever started the process', async () => {
    const { structuredContent } = await call('whoami');
    expect(structuredContent).toMatchObject({
      subject: 'local',
      clientId: 'stdio',
      issuer: 'http://localhost:1',
      neverExpires: true,
      era,
      hasSession: era === 'legacy',
    });
  });

  it('gets an instance of its own of what is scoped, in each call', async () => {
    const [first, second] = [await call('count'), await call('count')];
    expect(first.structuredContent).toEqual({ calls: 1 });
    expect(second.structuredContent).toEqual({ calls: 1 });
  });

  it('hears logs, and of nothing else on stdout', async () => {
    const failures: Error[] = [];
    Object.assign(client, {
      onerror: (error: Error) => failures.push(error),
    });
    const result = await client.callTool({
      name: 'chatter',
      arguments: {},
      _meta: { [LOG_LEVEL]: 'info' },
    });
    expect(result.content[0].text).toBe('done');
    expect(local.heard.logs).toEqual([{ text: 'to the client' }]);
    await vi.waitFor(() => expect(local.heard.stderr).toContain('logger.warn'));
    for (const text of ['console.log', 'forged', 'process.stdout']) {
      expect(local.heard.stderr).toContain(text);
    }
    expect(failures).toEqual([]);
  });

  it('hears of progress, and cancels', async () => {
    const controller = new AbortController();
    const progress: unknown[] = [];
    const options = {
      signal: controller.signal,
      onprogress: (step: unknown) => {
        progress.push(step);
        controller.abort('enough');
      },
    };
    const cancelled = client.request(
      { method: 'tools/call', params: { name: 'wait', arguments: {} } },
      // Version 1 wants a schema before its options.
      ...(name === 'version 1' ? [ResultSchema, options] : [options]),
    );
    await expect(cancelled).rejects.toThrow();
    await vi.waitFor(() =>
      expect(local.heard.stderr).toContain('stopped: AbortError'),
    );
    expect(progress).toEqual([{ progress: 1, total: 2, message: 'half' }]);
  });

  it('is asked, and answers', async () => {
    const result = await call('ask');
    expect(result.content[0].text).toBe('green');
  });

  it('is told of changes, as far as it may know', async () => {
    await local.listen(['note://1']);
    await call('grow');
    await vi.waitFor(() => expect(local.heard.changes).toContain('note://1'));
    await vi.waitFor(() =>
      expect(local.heard.changes).toContain('notifications/tools/list_changed'),
    );
    expect(local.heard.changes).not.toContain('secret://1');
    // Its scope is new, and comes with it.
    const result = await call('grown');
    expect(result.content[0].text).toBe('here now');
  });

  it('is told what it is that it cannot have', async () => {
    const missing = await call('nowhere').catch((error: unknown) => error);
    const unknown = await client
      .readResource({ uri: 'other://1' })
      .catch((error: unknown) => error);
    // Version 2 translates what the 2025 era has a code of its own for.
    const notFound = name === 'version 1' ? -32002 : -32602;
    expect([missing.code, unknown.code]).toEqual([-32602, notFound]);
  });
});
