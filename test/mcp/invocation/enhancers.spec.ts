import {
  BadRequestException,
  Catch,
  createParamDecorator,
  Injectable,
  ParseIntPipe,
  Scope,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import {
  APP_FILTER,
  APP_INTERCEPTOR,
  APP_PIPE,
  BaseExceptionFilter,
  Reflector,
} from '@nestjs/core';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { McpExecutionContext, McpTool, ToolInput } from 'nestjs-keycard';
import { EMPTY, from, map, of } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADAPTERS } from '../../support/adapters.js';
import { ToolWorld } from './tool-world.js';

@Injectable()
class RolesGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    return context.switchToHttp().getRequest().user?.role === 'admin';
  }
}

@Catch()
class CatchAll extends BaseExceptionFilter {}

class Expected extends Error {}

@Catch(Expected)
class ExpectedFilter implements ExceptionFilter {
  catch(error: Expected, host: ArgumentsHost) {
    return { handled: error.message, type: host.getType<string>() };
  }
}

@Catch(Expected)
class SilentFilter implements ExceptionFilter {
  catch() {}
}

@Catch(Expected)
class FailingFilter implements ExceptionFilter {
  async catch(): Promise<never> {
    throw new BadRequestException('of the filter');
  }
}

@Injectable()
class Suffix {
  readonly text = '!';
}

@Injectable({ scope: Scope.REQUEST })
class RequestFilter extends ExpectedFilter {
  constructor(private readonly suffix: Suffix) {
    super();
  }

  override catch(error: Expected, host: ArgumentsHost) {
    const text = error.message + this.suffix.text;
    return { handled: text, type: host.getType<string>() };
  }
}
Catch(Expected)(RequestFilter);

@Injectable()
class Exclaim implements NestInterceptor {
  constructor(private readonly suffix: Suffix) {}

  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((value) => `${value}${this.suffix.text}`));
  }
}

@Injectable()
class Double implements PipeTransform {
  transform(value: unknown) {
    if (typeof value === 'number') return value * 2;
    const { n } = value as { n: number };
    return typeof n === 'number' ? { n: n * 2 } : value;
  }
}

const Agent = createParamDecorator(
  (name: string, context: ExecutionContext) =>
    `${name} of ${context.switchToHttp().getRequest().headers['x-agent']}`,
);

const Later = createParamDecorator(
  async (_data: unknown, context: ExecutionContext) =>
    McpExecutionContext.create(context).getName(),
);

class Inner {
  @IsInt()
  depth: number;
}

class Dto {
  @IsInt()
  n: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner;
}

class NameDto {
  @IsString()
  name: string;
}

const NUMBER = z.object({ n: z.int() });

const setUser = (request: any, _response: unknown, next: () => void) => {
  const role = request.headers['x-role'];
  if (role) request.user = { role };
  next();
};

describe('what Nest runs around a tool', () => {
  let world: ToolWorld;

  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterEach(() => world.closeAll());
  afterAll(() => world.stop());

  describe.each(ADAPTERS)('on %s', (_name, createAdapter) => {
    it('a guard written for HTTP reads the request, never the input', async () => {
      let wiped = 0;
      @Injectable()
      class Tools {
        @UseGuards(RolesGuard)
        @McpTool({ description: 'For tests', input: z.looseObject({}) })
        wipe(_input: object) {
          wiped += 1;
        }
      }
      const tools = await world.serve({
        providers: [Tools],
        adapter: createAdapter(),
        configure: (application) => {
          const instance = application.getHttpAdapter().getInstance();
          if (instance.addHook) {
            instance.addHook('onRequest', (one: any, _two: any, done: any) =>
              setUser(one.raw, undefined, done),
            );
          } else instance.use(setUser);
        },
      });
      const input = { user: { role: 'admin' }, role: 'admin' };
      expect(await tools.text('wipe', input)).toBe('Forbidden resource');
      expect(await tools.text('wipe', input, { 'x-role': 'guest' })).toBe(
        'Forbidden resource',
      );
      expect(wiped).toBe(0);
      await tools.call('wipe', {}, { 'x-role': 'admin' });
      expect(wiped).toBe(1);
    });

    it('a filter for all neither hides nor answers an error of a tool', async () => {
      @Injectable()
      class Tools {
        @McpTool({ description: 'For tests' })
        known() {
          throw new BadRequestException('no such event');
        }

        @McpTool({ description: 'For tests' })
        unknown() {
          throw new Error('inner');
        }

        @UseFilters(ExpectedFilter)
        @McpTool({ description: 'For tests' })
        otherwise() {
          throw new BadRequestException('not for this filter');
        }
      }
      const tools = await world.serve({
        providers: [Tools, { provide: APP_FILTER, useClass: CatchAll }],
        adapter: createAdapter(),
      });
      expect(await tools.text('known')).toBe('no such event');
      expect(await tools.text('unknown')).toBe(
        'unknown failed because of an internal error.',
      );
      expect(await tools.text('otherwise')).toBe('not for this filter');
      expect(tools.logger.text).toContain('Error: inner');
      expect(tools.logger.text).not.toContain('is not a function');
    });
  });

  it.each([
    ['on the method', [ExpectedFilter], { handled: 'inner', type: 'mcp' }],
    ['that needs the request', [RequestFilter], { handled: 'inner!' }],
    [
      'given as an instance',
      [new ExpectedFilter()],
      { handled: 'inner', type: 'mcp' },
    ],
    ['nearest of two', [SilentFilter, ExpectedFilter], { handled: 'inner' }],
  ] as const)('a filter %s answers', async (_case, filters, expected) => {
    @Injectable()
    class Tools {
      @UseFilters(...filters)
      @McpTool({ description: 'For tests' })
      run() {
        throw new Expected('inner');
      }
    }
    const tools = await world.serve({
      providers: [Tools, Suffix, { provide: APP_FILTER, useClass: CatchAll }],
    });
    const { result } = await tools.call('run');
    expect(result!.structuredContent).toMatchObject(expected);
    expect(result!.isError).toBeUndefined();
  });

  it('a filter on the class answers, also for errors of guards', async () => {
    @Injectable()
    class Refuse implements CanActivate {
      canActivate(): boolean {
        throw new Expected('by the guard');
      }
    }
    @UseFilters(ExpectedFilter)
    @Injectable()
    class Tools {
      @UseGuards(Refuse)
      @McpTool({ description: 'For tests' })
      run() {}
    }
    const tools = await world.serve({ providers: [Tools] });
    const { result } = await tools.call('run');
    expect(result!.structuredContent).toMatchObject({
      handled: 'by the guard',
    });
  });

  it.each([
    ['answers nothing', SilentFilter, /internal error/],
    ['throws', FailingFilter, /^of the filter$/],
  ])('a filter that %s leaves an error', async (_case, filter, text) => {
    @Injectable()
    class Tools {
      @UseFilters(filter)
      @McpTool({ description: 'For tests' })
      run() {
        throw new Expected('inner');
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    const { result } = await tools.call('run');
    expect(result!.isError).toBe(true);
    expect(result!.content[0]!.text).toMatch(text);
  });

  it('interceptors run from the outside in', async () => {
    const order: string[] = [];
    const trace = (name: string): NestInterceptor => ({
      intercept: (_context, next) => {
        order.push(name);
        return next.handle();
      },
    });
    @UseInterceptors(trace('class'))
    @Injectable()
    class Tools {
      @UseInterceptors(trace('method'), Exclaim)
      @McpTool({ description: 'For tests' })
      run() {
        order.push('tool');
        return 'done';
      }
    }
    const tools = await world.serve({
      providers: [
        Tools,
        Suffix,
        { provide: APP_INTERCEPTOR, useValue: trace('all') },
      ],
    });
    expect(await tools.text('run')).toBe('done!');
    expect(order).toEqual(['all', 'class', 'method', 'tool']);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['of one value', () => of('one'), /^one$/],
    ['of several values', () => from(['one', 'two']), /^two$/],
    ['of none', () => EMPTY, /internal error/],
    ['in a promise', () => Promise.resolve('later'), /^later$/],
  ])('an observable %s', async (_case, create, expected) => {
    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests' })
      run() {
        return create();
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    expect(await tools.text('run')).toMatch(expected);
  });

  it('pipes of the method and for all transform the input', async () => {
    @Injectable()
    class Tools {
      @UsePipes(Double)
      @McpTool({ description: 'For tests', input: NUMBER })
      local(input: z.infer<typeof NUMBER>) {
        return input;
      }
    }
    const tools = await world.serve({
      providers: [Tools, { provide: APP_PIPE, useClass: Double }],
    });
    const { result } = await tools.call('local', { n: 1 });
    expect(result!.structuredContent).toEqual({ n: 4 });
  });

  it('a pipe that refuses tells why', async () => {
    @Injectable()
    class Tools {
      @UsePipes(ParseIntPipe)
      @McpTool({ description: 'For tests', input: z.object({ n: z.string() }) })
      run(@ToolInput('n') n: string) {
        return typeof n;
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    expect(await tools.text('run', { n: '12' })).toBe('number');
    expect(await tools.text('run', { n: 'x' })).toContain('numeric string');
  });

  it.each([
    { whitelist: true, forbidNonWhitelisted: true, transform: false },
    { whitelist: true, transform: true },
    { whitelist: true, transform: true, forbidUnknownValues: true },
  ])(
    'a ValidationPipe for all (%o) leaves the input whole',
    async (options) => {
      @Injectable()
      class Tools {
        @McpTool({ description: 'For tests' })
        dto(input: Dto) {
          return {
            isDto: input instanceof Dto,
            n: input.n,
            inner: input.inner,
          };
        }

        @McpTool({ description: 'For tests', input: NUMBER })
        schema(input: z.infer<typeof NUMBER>) {
          return input;
        }

        @McpTool({
          description: 'For tests',
          input: { type: 'object', properties: { n: {} } },
        })
        raw(@ToolInput('n') n: unknown) {
          return { n };
        }
      }
      const tools = await world.serve({
        providers: [Tools],
        configure: (application) =>
          application.useGlobalPipes(new ValidationPipe(options)),
      });
      const input = { n: 1, inner: { depth: 2 } };
      const answers = await Promise.all([
        tools.call('dto', input),
        tools.call('schema', { n: 1 }),
        tools.call('raw', { n: 1 }),
      ]);
      expect(answers.map(({ result }) => result!.structuredContent)).toEqual([
        // The pipe writes an instance back as data, unless it transforms.
        { isDto: options.transform, ...input },
        { n: 1 },
        { n: 1 },
      ]);
      expect(await tools.text('dto', { n: 'x' })).toContain('n:');
    },
  );

  it('a ValidationPipe that refuses says what is wrong', async () => {
    @Injectable()
    class Tools {
      @UsePipes(new ValidationPipe({ expectedType: NameDto }))
      @McpTool({ description: 'For tests', input: z.looseObject({}) })
      run(_input: object) {}
    }
    const tools = await world.serve({ providers: [Tools] });
    expect(await tools.text('run', { name: 1 })).toBe('name must be a string');
  });

  it('decorators of the user’s own find their values', async () => {
    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests', input: NUMBER })
      run(
        @Agent('name') agent: string,
        @ToolInput() input: z.infer<typeof NUMBER>,
        @Later() tool: string,
        @Agent('n', Double) _doubled: unknown,
      ) {
        return { agent, input, tool };
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    const answer = await tools.call('run', { n: 1 }, { 'x-agent': 'Smith' });
    expect(answer.result!.structuredContent).toEqual({
      agent: 'name of Smith',
      input: { n: 1 },
      tool: 'run',
    });
    const [document] = await tools.list();
    expect(Object.keys(document!.inputSchema.properties)).toEqual(['n']);
  });

  it('guards read metadata of the method and of the class', async () => {
    const seen: unknown[] = [];
    @Injectable()
    class Reader implements CanActivate {
      constructor(private readonly reflector: Reflector) {}

      canActivate(context: ExecutionContext) {
        const subjects = [context.getHandler(), context.getClass()];
        seen.push(this.reflector.getAllAndOverride('key', subjects));
        return true;
      }
    }
    @SetMetadata('key', 'class')
    @UseGuards(Reader)
    @Injectable()
    class Tools {
      @SetMetadata('key', 'above')
      @McpTool({ description: 'For tests' })
      above() {}

      @McpTool({ description: 'For tests' })
      @SetMetadata('key', 'below')
      below() {}

      @McpTool({ description: 'For tests' })
      neither() {}
    }
    const tools = await world.serve({ providers: [Tools] });
    for (const name of ['above', 'below', 'neither']) await tools.call(name);
    expect(seen).toEqual(['above', 'below', 'class']);
  });

  it('transient guards, interceptors and pipes are constructed', async () => {
    const constructed: string[] = [];
    const used: string[] = [];
    abstract class Part {
      readonly name = this.constructor.name;
      constructor() {
        constructed.push(this.name);
      }
    }
    @Injectable({ scope: Scope.TRANSIENT })
    class Guard extends Part implements CanActivate {
      canActivate() {
        return used.push(this.name) > 0;
      }
    }
    @Injectable({ scope: Scope.TRANSIENT })
    class Interceptor extends Part implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler) {
        used.push(this.name);
        return next.handle();
      }
    }
    @Injectable({ scope: Scope.TRANSIENT })
    class Pipe extends Part implements PipeTransform {
      transform(value: unknown) {
        used.push(this.name);
        return value;
      }
    }
    @Catch()
    @Injectable({ scope: Scope.TRANSIENT })
    class Filter extends Part implements ExceptionFilter {
      catch() {
        used.push(this.name);
        return 'filtered';
      }
    }
    @Injectable()
    class Tools {
      @UseGuards(Guard)
      @UseInterceptors(Interceptor)
      @UsePipes(Pipe)
      @UseFilters(Filter)
      @McpTool({ description: 'For tests', input: NUMBER })
      run(_input: z.infer<typeof NUMBER>) {
        throw new Error('inner');
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    expect(await tools.text('run', { n: 1 })).toBe('filtered');
    expect(used).toEqual(['Guard', 'Interceptor', 'Pipe', 'Filter']);
    expect(new Set(constructed)).toEqual(new Set(used));
  });

  it('the execution context knows the call', async () => {
    const seen: unknown[] = [];
    const Inspect: CanActivate = {
      canActivate: (context) => {
        const mcp = McpExecutionContext.create(context);
        seen.push({
          type: mcp.getType<string>(),
          tool: mcp.getName(),
          input: mcp.getRawArguments(),
          subject: mcp.getContext().principal.subject,
          isRequest:
            mcp.getContext().request === mcp.switchToHttp().getRequest(),
          response: mcp.switchToHttp().getResponse(),
          handler: mcp.getHandler().name,
          class: mcp.getClass().name,
        });
        return true;
      },
    };
    @UseGuards(Inspect)
    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests', name: 'other.name', input: NUMBER })
      run(_input: z.infer<typeof NUMBER>) {}
    }
    const tools = await world.serve({ providers: [Tools] });
    await tools.call('other.name', { n: 'not validated yet' });
    expect(seen).toEqual([
      {
        type: 'mcp',
        tool: 'other.name',
        input: { n: 'not validated yet' },
        subject: 'usr_ada',
        isRequest: true,
        response: undefined,
        handler: 'run',
        class: 'Tools',
      },
    ]);
  });
});
