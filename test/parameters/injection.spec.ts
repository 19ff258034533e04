import { Injectable } from '@nestjs/common';
import {
  AccessContext,
  CurrentPrincipal,
  Grant,
  McpContext,
  McpTool,
  Principal,
  ToolInput,
} from 'nestjs-keycard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADAPTERS } from '../support/adapters.js';
import {
  CALENDAR,
  ToolWorld,
  type ServedTools,
} from '../mcp/invocation/tool-world.js';

const INPUT = z.object({ n: z.int() });
type Input = z.infer<typeof INPUT>;

/** What arrived in each place. */
function kindsOf(...values: unknown[]): string {
  return values
    .map((value) => {
      if (value instanceof AccessContext) return `access ${value.getStatus()}`;
      if (value instanceof McpContext) return `context ${value.era}`;
      if (value instanceof Principal) return `principal ${value.subject}`;
      return JSON.stringify(value) ?? 'undefined';
    })
    .join(', ');
}

const ACCESS = 'access success';
const CONTEXT = 'context legacy';
const PRINCIPAL = 'principal usr_ada';
const VALUE = '{"n":1}';

class SpecialAccess extends AccessContext {}

@Injectable()
class Tools {
  @McpTool({ description: 'For tests', input: INPUT })
  inputFirst(i: Input, a: AccessContext, c: McpContext, p: Principal) {
    return kindsOf(i, a, c, p);
  }

  @McpTool({ description: 'For tests', input: INPUT })
  inputLast(p: Principal, c: McpContext, a: AccessContext, i: Input) {
    return kindsOf(p, c, a, i);
  }

  @McpTool({ description: 'For tests', input: INPUT })
  inputBetween(c: McpContext, i: Input, p: Principal) {
    return kindsOf(c, i, p);
  }

  @McpTool({ description: 'For tests', input: INPUT })
  @Grant(CALENDAR)
  twice(a: AccessContext, b: AccessContext, @ToolInput() i: Input) {
    return kindsOf(a, b, i);
  }

  @McpTool({ description: 'For tests', input: INPUT })
  byDecorator(
    @CurrentPrincipal() p: unknown,
    @ToolInput('n') n: number,
    @ToolInput() i: Input,
    @CurrentPrincipal() again: Principal,
  ) {
    return kindsOf(p, n, i, again);
  }

  @McpTool({ description: 'For tests' })
  withoutInput(c: McpContext, p: Principal) {
    return kindsOf(c, p);
  }

  @McpTool({ description: 'For tests' })
  nothing() {
    return 'ran';
  }
}

describe.each(ADAPTERS)('parameters on %s', (_name, createAdapter) => {
  let world: ToolWorld;
  let tools: ServedTools;

  beforeAll(async () => {
    world = await ToolWorld.start();
    tools = await world.serve({
      providers: [Tools],
      adapter: createAdapter(),
    });
  });
  afterAll(() => world.stop());

  it.each([
    ['input_first', { n: 1 }, [VALUE, ACCESS, CONTEXT, PRINCIPAL]],
    ['input_last', { n: 1 }, [PRINCIPAL, CONTEXT, ACCESS, VALUE]],
    ['input_between', { n: 1 }, [CONTEXT, VALUE, PRINCIPAL]],
    ['twice', { n: 1 }, [ACCESS, ACCESS, VALUE]],
    ['by_decorator', { n: 1 }, [PRINCIPAL, '1', VALUE, PRINCIPAL]],
    ['without_input', {}, [CONTEXT, PRINCIPAL]],
  ])('of %s arrive in their places', async (name, input, expected) => {
    expect(await tools.text(name, input)).toBe(expected.join(', '));
  });

  it('that are injected cannot be given by the caller', async () => {
    const forged = { n: 1, access: {}, principal: { subject: 'root' } };
    expect(await tools.text('input_last', forged)).not.toContain('root');
  });

  it('that are injected are in no schema', async () => {
    const properties = (await tools.list()).map(({ name, inputSchema }) => [
      name,
      Object.keys(inputSchema.properties),
    ]);
    expect(Object.fromEntries(properties)).toEqual({
      by_decorator: ['n'],
      input_between: ['n'],
      input_first: ['n'],
      input_last: ['n'],
      nothing: [],
      twice: ['n'],
      without_input: [],
    });
  });

  it.each(['without_input', 'nothing'])(
    'of %s: what is not accepted is refused',
    async (name) => {
      expect(await tools.text(name, { n: 1 })).toMatch(/^Invalid arguments/);
    },
  );
});

describe('a class derived from an injected one', () => {
  it('is injected, too', async () => {
    @Injectable()
    class Derived {
      @McpTool({ description: 'For tests' })
      run(access: SpecialAccess) {
        return kindsOf(access);
      }
    }
    const world = await ToolWorld.start();
    const tools = await world.serve({ providers: [Derived] });
    expect(await tools.text('run')).toBe(ACCESS);
    await world.stop();
  });
});
