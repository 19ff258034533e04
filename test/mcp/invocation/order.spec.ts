import {
  ForbiddenException,
  Injectable,
  UseGuards,
  UseInterceptors,
  type CanActivate,
  type NestInterceptor,
} from '@nestjs/common';
import { AccessContext, Grant, McpTool, ToolInput } from 'nestjs-keycard';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from 'vitest';
import { z } from 'zod';
import { CALENDAR, MAIL, ToolWorld } from './tool-world.js';

const NUMBER = z.object({ n: z.int() });
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

const Refuse: CanActivate = {
  canActivate: () => {
    throw new ForbiddenException('not for you');
  },
};

describe('the order of gates', () => {
  let world: ToolWorld;
  let order: string[];

  const Note: NestInterceptor = {
    intercept: (_context, next) => {
      order.push('interceptor');
      return next.handle();
    },
  };

  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  beforeEach(() => {
    order = [];
    world.zone.clearCalls();
  });
  afterEach(() => world.closeAll());
  afterAll(() => world.stop());

  const exchanges = () => world.zone.count('token', EXCHANGE);

  function createTools(guards: CanActivate[]) {
    @UseGuards(...guards)
    @UseInterceptors(Note)
    @Injectable()
    class Tools {
      @Grant(CALENDAR)
      @McpTool({ description: 'For tests', input: NUMBER })
      inputFirst(_input: z.infer<typeof NUMBER>, access: AccessContext) {
        order.push('tool');
        return access.getStatus();
      }

      @Grant(CALENDAR)
      @McpTool({ description: 'For tests', input: NUMBER })
      inputLast(access: AccessContext, @ToolInput('n') _n: number) {
        order.push('tool');
        return access.getStatus();
      }

      @Grant(CALENDAR)
      @McpTool({ description: 'For tests' })
      withoutInput(access: AccessContext) {
        order.push('tool');
        return access.getStatus();
      }
    }
    return Tools;
  }

  const NAMES = ['input_first', 'input_last', 'without_input'];

  it.each(NAMES)(
    '%s: a guard refuses before the input is looked at',
    async (name) => {
      const tools = await world.serve({ providers: [createTools([Refuse])] });
      expect(await tools.text(name, { n: 'wrong', more: 1 })).toBe(
        'not for you',
      );
      expect(order).toEqual([]);
      expect(exchanges()).toBe(0);
    },
  );

  it.each(NAMES)('%s: what is not accepted costs no exchange', async (name) => {
    const tools = await world.serve({ providers: [createTools([])] });
    const { result } = await tools.call(name, { n: 'wrong', more: 1 });
    expect(result!.isError).toBe(true);
    expect(result!.content[0]!.text).toMatch(/^Invalid arguments: /);
    expect(order).toEqual(['interceptor']);
    expect(exchanges()).toBe(0);
  });

  it.each([
    ['input_first', { n: 1 }],
    ['input_last', { n: 1 }],
    ['without_input', {}],
  ])('%s: the tool runs with its grants', async (name, input) => {
    const tools = await world.serve({ providers: [createTools([])] });
    expect(await tools.text(name, input)).toBe('success');
    expect(order).toEqual(['interceptor', 'tool']);
    expect(exchanges()).toBe(1);
  });

  it('a tool without grants costs no exchange', async () => {
    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests' })
      run(access: AccessContext) {
        return access.getErrors();
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    const { result } = await tools.call('run');
    expect(result!.structuredContent).toEqual({ resources: {}, error: null });
    expect(exchanges()).toBe(0);
  });

  it('a grant that was denied is data, then an error that names it', async () => {
    @Injectable()
    class Tools {
      @Grant([CALENDAR, MAIL])
      @McpTool({ description: 'For tests' })
      status(access: AccessContext) {
        return { status: access.getStatus() };
      }

      @Grant([CALENDAR, MAIL])
      @McpTool({ description: 'For tests' })
      use(access: AccessContext) {
        return access.access(MAIL).authorization;
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    const { result } = await tools.call('status');
    expect(result!.structuredContent).toEqual({ status: 'partial_error' });
    const failed = await tools.call('use');
    expect(failed.result!.isError).toBe(true);
    expect(failed.result!.content[0]!.text).toContain(MAIL);
    expect(failed.result!.content[0]!.text).toContain(
      'insufficient_authorization',
    );
  });

  it.each([
    ['undefined', undefined, /^Invalid arguments: n/],
    ['null', null, -32602],
    ['a list', [], -32602],
    ['a text', 'n', -32602],
  ])('arguments that are %s', async (_case, input, expected) => {
    const tools = await world.serve({ providers: [createTools([])] });
    const answer = await tools.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'input_first', arguments: input },
    });
    if (typeof expected === 'number') expect(answer.error.code).toBe(expected);
    else expect(answer.result.content[0].text).toMatch(expected);
  });
});
