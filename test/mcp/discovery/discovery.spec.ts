import {
  Controller,
  ForbiddenException,
  Get,
  Injectable,
  Module,
  Scope,
  UseGuards,
  type CanActivate,
} from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { McpTool, ToolInput } from 'nestjs-keycard';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ToolWorld, type ToolApplication } from '../invocation/tool-world.js';

@Injectable()
class Refuse implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException('by the guard');
  }
}

@Injectable()
class Allow implements CanActivate {
  canActivate() {
    return true;
  }
}

@Injectable()
class GuardedTools {
  readonly name: string = 'real';

  @UseGuards(Refuse)
  @McpTool({ description: 'For tests' })
  run() {
    return this.name;
  }
}

@Injectable()
class FakeTools extends GuardedTools {
  override readonly name = 'fake';
}

describe('tools are found', () => {
  let world: ToolWorld;

  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterEach(() => world.closeAll());
  afterAll(() => world.stop());

  it('in a module that knows nothing of this one', async () => {
    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests' })
      run() {
        return 'ran';
      }
    }
    @Module({ providers: [Tools] })
    class Inner {}
    @Module({ imports: [Inner] })
    class Outer {}
    const tools = await world.serve({ imports: [Outer] });
    expect(await tools.names()).toEqual(['run']);
    expect(await tools.text('run')).toBe('ran');
  });

  it('behind an asynchronous factory', async () => {
    class Tools {
      constructor(private readonly word: string) {}

      @McpTool({ description: 'For tests' })
      run() {
        return this.word;
      }
    }
    const tools = await world.serve({
      providers: [
        {
          provide: Tools,
          useFactory: async () => {
            await wait(5);
            return new Tools('ready');
          },
        },
      ],
    });
    expect(await tools.text('run')).toBe('ready');
  });

  it('once, however many names a provider has', async () => {
    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests' })
      run() {
        return 'ran';
      }
    }
    const tools = await world.serve({
      providers: [Tools, { provide: 'ALIAS', useExisting: Tools }],
    });
    expect(await tools.names()).toEqual(['run']);
  });

  it('in a base class, but not where the method was overridden', async () => {
    class Base {
      @McpTool({ description: 'For tests' })
      kept() {
        return this.constructor.name;
      }

      @McpTool({ description: 'For tests' })
      overridden() {
        return 'base';
      }
    }
    @Injectable()
    class Tools extends Base {
      override overridden() {
        return 'derived';
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    expect(await tools.names()).toEqual(['kept']);
    expect(await tools.text('kept')).toBe('Tools');
    expect((await tools.call('overridden')).error!.code).toBe(-32602);
  });

  it('with a property as the input', async () => {
    @Injectable()
    class Tools {
      @McpTool({
        description: 'For tests',
        input: z.object({ n: z.int(), m: z.int().optional() }),
      })
      run(@ToolInput('m') m: number, @ToolInput('n') n: number) {
        return [m ?? 'none', n].join();
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    expect(await tools.text('run', { n: 1 })).toBe('none,1');
    expect(await tools.text('run', { n: 1, m: 2 })).toBe('2,1');
  });

  it('not in a module that is loaded later', async () => {
    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests' })
      run() {}
    }
    @Module({ providers: [Tools] })
    class Late {}
    const tools = await world.serve({ options: { mcp: {} } });
    await tools.application.get(LazyModuleLoader).load(() => Late);
    expect(await tools.names()).toEqual([]);
    expect((await tools.call('run')).error!.code).toBe(-32602);
  });

  it('not on an HTTP route without a tool', async () => {
    @Controller()
    class Routes {
      @Get('route')
      route() {}
    }
    const tools = await world.serve({
      controllers: [Routes],
      options: { mcp: {} },
    });
    expect(await tools.names()).toEqual([]);
  });

  it('not on odd values', async () => {
    const tools = await world
      .serve({
        options: { mcp: {} },
        providers: [
          { provide: 'NULL', useValue: null },
          { provide: 'TEXT', useValue: 'text' },
          { provide: 'BARE', useValue: Object.create(null) },
          { provide: 'CLASS', useValue: GuardedTools },
          { provide: 'FUNCTION', useValue: () => 1 },
          { provide: GuardedTools, useValue: undefined },
          { provide: 'NOTHING', useFactory: () => undefined },
          {
            provide: 'SCOPED',
            scope: Scope.REQUEST,
            useFactory: () => new GuardedTools(),
          },
        ],
      })
      .catch((error: Error) => error);
    // A class that stands for nothing is taken for what it would make.
    expect(tools).toMatchObject({
      name: 'McpDefinitionError',
      message: expect.stringContaining('GuardedTools.run'),
    });
  });
});

describe('with @nestjs/testing', () => {
  let world: ToolWorld;

  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterEach(() => world.closeAll());
  afterAll(() => world.stop());

  type Builder = ReturnType<typeof Test.createTestingModule>;

  async function serve(
    override: (builder: Builder) => Builder,
    application: ToolApplication = { providers: [GuardedTools] },
  ) {
    const metadata = world.moduleOf(application);
    const builder = override(Test.createTestingModule(metadata));
    const module = await builder.compile();
    const created = module.createNestApplication({
      logger: false,
      forceCloseConnections: true,
    });
    await created.listen(0, '127.0.0.1');
    return world.served(created);
  }

  it.each<[string, (builder: Builder) => Builder, string]>([
    ['nothing overridden', (builder) => builder, 'by the guard'],
    [
      'a guard overridden by a value',
      (builder) =>
        builder.overrideGuard(Refuse).useValue({ canActivate: () => true }),
      'real',
    ],
    [
      'a guard overridden by a class',
      (builder) => builder.overrideGuard(Refuse).useClass(Allow),
      'real',
    ],
    [
      'a tool overridden by a class, the guard kept',
      (builder) => builder.overrideProvider(GuardedTools).useClass(FakeTools),
      'by the guard',
    ],
    [
      'a tool overridden by a value, the guard kept',
      (builder) =>
        builder.overrideProvider(GuardedTools).useValue(new FakeTools()),
      'by the guard',
    ],
    [
      'a tool overridden by a factory, the guard kept',
      (builder) =>
        builder
          .overrideProvider(GuardedTools)
          .useFactory({ factory: () => new FakeTools() }),
      'by the guard',
    ],
    [
      'both overridden',
      (builder) =>
        builder
          .overrideProvider(GuardedTools)
          .useClass(FakeTools)
          .overrideGuard(Refuse)
          .useClass(Allow),
      'fake',
    ],
  ])('%s', async (_case, override, expected) => {
    const tools = await serve(override);
    expect(await tools.text('run')).toBe(expected);
  });
});
