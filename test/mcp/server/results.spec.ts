import {
  CallToolResultSchema,
  ListToolsResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { Injectable, NotFoundException } from '@nestjs/common';
import { Exclude, Expose } from 'class-transformer';
import { IsInt, IsString } from 'class-validator';
import { JsonRpcError, McpTool, type McpToolOptions } from 'nestjs-keycard';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADAPTERS } from '../../support/adapters.js';
import { request } from '../../support/post.js';
import { ToolWorld } from '../invocation/tool-world.js';

class Report {
  @IsInt()
  total: number;

  @IsString()
  @Expose({ name: 'written_by' })
  author: string;

  @Exclude()
  passwordHash: string;
}

const report = (values: object) => Object.assign(new Report(), values);

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;

describe('results', () => {
  let world: ToolWorld;

  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterEach(() => world.closeAll());
  afterAll(() => world.stop());

  const serve = (
    run: () => unknown,
    options: Partial<McpToolOptions> = {},
    adapter?: ReturnType<(typeof ADAPTERS)[number][1]>,
  ) => {
    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests', ...options })
      run() {
        return run();
      }
    }
    return world.serve({ providers: [Tools], adapter });
  };

  it.each(ADAPTERS)('reach the client on %s', async (_name, createAdapter) => {
    const tools = await serve(() => ({ a: 1 }), {}, createAdapter());
    const { result } = await tools.call('run');
    expect(CallToolResultSchema.parse(result)).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
      structuredContent: { a: 1 },
    });
  });

  it.each<[string, () => unknown]>([
    ['a cycle', () => cycle],
    ['a cycle in a result', () => ({ content: [], structuredContent: cycle })],
    ['a bigint', () => 1n],
    ['a function', () => () => 1],
    ['an unknown error', () => Promise.reject(new Error('pw-value'))],
    ['a thrown null', () => Promise.reject(null)],
    ['a thrown text', () => Promise.reject('pw-value')],
  ])('that are %s become a safe error', async (_case, run) => {
    const tools = await serve(run);
    const { result } = await tools.call('run');
    expect(CallToolResultSchema.parse(result)).toEqual({
      content: [
        { type: 'text', text: 'run failed because of an internal error.' },
      ],
      isError: true,
    });
    expect(tools.logger.text).toContain('The MCP tool run failed');
  });

  it('that are errors meant to be read are told, and not logged', async () => {
    const tools = await serve(() => {
      throw new NotFoundException('no such event');
    });
    const { result } = await tools.call('run');
    expect(result).toMatchObject({ isError: true });
    expect(result!.content[0]!.text).toBe('no such event');
    expect(tools.logger.text).not.toContain('no such event');
  });

  it('that are JSON-RPC errors are errors of the protocol', async () => {
    const tools = await serve(() => {
      throw new JsonRpcError(-32002, 'no such thing', { uri: 'a' });
    });
    expect(await tools.call('run')).toMatchObject({
      error: { code: -32002, message: 'no such thing', data: { uri: 'a' } },
    });
  });

  describe('with an output schema', () => {
    const OUTPUT = z.object({ a: z.string(), b: z.int().default(1) });

    it.each<[string, unknown, object]>([
      ['data', { a: 'x', b: 2 }, { a: 'x', b: 2 }],
      ['a default', { a: 'x' }, { a: 'x', b: 1 }],
      ['what is too much', { a: 'x', secret: 1 }, { a: 'x', b: 1 }],
      [
        'structured content',
        { content: [], structuredContent: { a: 'x', secret: 1 } },
        { a: 'x', b: 1 },
      ],
    ])('%s comes out as listed', async (_case, value, expected) => {
      const tools = await serve(() => value, { output: OUTPUT });
      const { result } = await tools.call('run');
      CallToolResultSchema.parse(result);
      expect(result!.structuredContent).toEqual(expected);
      expect(JSON.stringify(result)).not.toContain('secret');
      expect(result!.isError).toBeUndefined();
    });

    it('keeps the content of a result', async () => {
      const content = [{ type: 'text', text: 'told' }];
      const value = { content, structuredContent: { a: 'x' } };
      const tools = await serve(() => value, { output: OUTPUT });
      const { result } = await tools.call('run');
      expect(result!.content).toEqual(content);
    });

    it.each<[string, unknown]>([
      ['a wrong member', { a: 1 }],
      ['nothing', undefined],
      ['a text', 'x'],
      ['a list', [{ a: 'x' }]],
      ['a block', { type: 'text', text: 'x' }],
      ['content only', { content: [{ type: 'text', text: 'x' }] }],
      ['a cycle', cycle],
    ])('%s is a mistake of the tool', async (_case, value) => {
      const tools = await serve(() => value, { output: OUTPUT });
      const { result } = await tools.call('run');
      expect(result!.isError).toBe(true);
      expect(result!.content[0]!.text).toBe(
        'run failed because of an internal error.',
      );
      expect(tools.logger.text).toContain('does not match its output schema');
    });

    it('an error needs no structured content', async () => {
      const value = { content: [{ type: 'text', text: 'no' }], isError: true };
      const tools = await serve(() => value, { output: OUTPUT });
      expect((await tools.call('run')).result).toEqual(value);
    });

    it('of a class, an instance is written as its class says', async () => {
      const tools = await serve(
        () => report({ total: 1, author: 'ada', passwordHash: 'secret' }),
        { output: Report },
      );
      const { result } = await tools.call('run');
      expect(result!.structuredContent).toEqual({
        total: 1,
        written_by: 'ada',
      });
      expect(JSON.stringify(result)).not.toContain('secret');
    });

    it('is listed', async () => {
      const tools = await serve(() => 1, { output: OUTPUT, title: 'Run' });
      const list = await tools.send(request('tools/list'));
      const parsed = ListToolsResultSchema.parse(list.result);
      expect(parsed.tools[0]).toMatchObject({
        name: 'run',
        title: 'Run',
        outputSchema: { type: 'object', required: ['a', 'b'] },
      });
    });
  });

  it.each([
    ['an unknown tool', { name: 'other' }, 'Unknown tool: other'],
    ['no name', {}, 'tools/call needs a name'],
    ['a name that is no text', { name: 1 }, 'tools/call needs a name'],
    ['a name every object has', { name: 'constructor' }, 'Unknown tool'],
  ])('a call of %s is an invalid request', async (_case, params, message) => {
    const tools = await serve(() => 1);
    const { error } = await tools.send(request('tools/call', params));
    expect(error.code).toBe(-32602);
    expect(error.message).toContain(message);
  });

  it('a cursor nobody gave is refused', async () => {
    const tools = await serve(() => 1);
    const { error } = await tools.send(request('tools/list', { cursor: 'a' }));
    expect(error.code).toBe(-32602);
  });
});
