import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compile, type CompiledProgram } from './support/compile.js';
import { ProgramProcess } from './support/program-process.js';

const _meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

describe('a local client of the modern era that listens', () => {
  let program: CompiledProgram;
  let child: ProgramProcess;

  beforeAll(async () => {
    program = await compile();
    child = ProgramProcess.start({
      script: program.script,
      settings: {
        module: {
          zoneUrl: 'http://localhost:1',
          mcp: { subscriptions: { maxResources: 3, maxStreamsPerCaller: 2 } },
        },
        options: { scopes: [] },
      },
    });
  }, 60_000);

  afterAll(async () => {
    await child[Symbol.asyncDispose]();
    program[Symbol.dispose]();
  });

  const listen = (id: number, notifications: unknown) =>
    child.send({
      id,
      method: 'subscriptions/listen',
      params: { notifications, _meta },
    });
  const heard = (method: string) =>
    child.messages.filter((one) => one.method === method);
  const agreed = (count: number) =>
    vi.waitFor(
      () => {
        const method = 'notifications/subscriptions/acknowledged';
        expect(heard(method)).toHaveLength(count);
        return heard(method).at(-1).params.notifications;
      },
      { timeout: 20_000 },
    );

  it('is told of what it can read, and of nothing else', async () => {
    const uris = ['secret://1', 'note://1', 'other://1'];
    listen(1, { resourceSubscriptions: uris, toolsListChanged: true });
    expect(await agreed(1)).toEqual({
      resourceSubscriptions: ['note://1'],
      toolsListChanged: true,
    });
    child.call(2, 'grow', { _meta });
    await child.answerTo(2);
    await vi.waitFor(() =>
      expect(heard('notifications/tools/list_changed')).toHaveLength(1),
    );
    const updates = heard('notifications/resources/updated');
    expect(updates.map(({ params }) => params.uri)).toEqual(['note://1']);
  }, 60_000);

  it.each([
    ['no filter', 11, undefined],
    ['no list', 12, { resourceSubscriptions: 'note://1' }],
    ['too much', 13, { resourceSubscriptions: ['a:1', 'a:2', 'a:3', 'a:4'] }],
  ])('is refused with %s', async (_case, id, notifications) => {
    listen(id, notifications);
    const { error } = await child.answerTo(id);
    expect(error.code).toBe(-32602);
  });

  it('is refused when it listens too often, and may stop', async () => {
    listen(21, { resourceSubscriptions: ['note://2'] });
    await agreed(2);
    listen(22, { toolsListChanged: true });
    expect((await child.answerTo(22)).error.code).toBe(-32603);
    const params = { requestId: 21, _meta };
    child.send({ method: 'notifications/cancelled', params });
    listen(21, { resourceSubscriptions: ['secret://1'] });
    expect(await agreed(3)).toEqual({});
  });
});
