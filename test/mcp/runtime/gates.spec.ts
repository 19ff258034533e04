import {
  ForbiddenException,
  Inject,
  Injectable,
  Scope,
  SetMetadata,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type PipeTransform,
  type Provider,
} from '@nestjs/common';
import {
  APP_GUARD,
  APP_INTERCEPTOR,
  APP_PIPE,
  REQUEST,
  Reflector,
} from '@nestjs/core';
import {
  Grant,
  McpExecutionContext,
  McpServers,
  type AccessContext,
  type McpServerHandle,
} from 'nestjs-keycard';
import { map } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { request } from '../../support/post.js';
import {
  CALENDAR,
  MAIL,
  ToolWorld,
  type ServedTools,
} from '../invocation/tool-world.js';

@Injectable()
class Reason {
  readonly text = 'denied by a guard';
}

/** Denies, and only if it was constructed with what it depends on. */
@Injectable()
class Deny implements CanActivate {
  constructor(private readonly reason: Reason) {}

  canActivate(context: ExecutionContext): boolean {
    throw new ForbiddenException(`${this.reason.text} ${context.getType()}`);
  }
}

@Injectable({ scope: Scope.REQUEST })
class DenyInRequest extends Deny {
  constructor(
    reason: Reason,
    @Inject(REQUEST) readonly request: { headers: object },
  ) {
    super(reason);
    expect(request.headers).toBeDefined();
  }
}

@Injectable({ scope: Scope.TRANSIENT })
class DenyTransient extends Deny {}

let ran: string[] = [];

const run = (name: string) => () => {
  ran.push(name);
  return name;
};

/** One of each kind. */
async function addAll(server: McpServerHandle): Promise<void> {
  await server.addTool({
    name: 'tool',
    description: 'Does something',
    handler: run('tool'),
  });
  await server.addResource({
    name: 'resource',
    uri: 'late://resource',
    handler: run('resource'),
  });
  await server.addResource({
    name: 'template',
    uri: 'late://{id}/template',
    handler: run('template'),
    complete: {
      id: () => {
        ran.push('completion');
        return ['a'];
      },
    },
  });
  await server.addPrompt({ name: 'prompt', handler: run('prompt') });
}

const CALLS = {
  tool: request('tools/call', { name: 'tool' }),
  resource: request('resources/read', { uri: 'late://resource' }),
  template: request('resources/read', { uri: 'late://a/template' }),
  completion: request('completion/complete', {
    ref: { type: 'ref/resource', uri: 'late://{id}/template' },
    argument: { name: 'id', value: '' },
  }),
  prompt: request('prompts/get', { name: 'prompt' }),
};

/** Adds as early as anybody could: while the application is constructed. */
@Injectable()
class EarlyPlugin {
  readonly added: Promise<void>;

  constructor(servers: McpServers) {
    this.added = addAll(servers.get());
  }
}

@Injectable()
class InitPlugin {
  constructor(private readonly servers: McpServers) {}

  async onModuleInit() {
    await addAll(this.servers.get());
  }
}

@Injectable()
class BootstrapPlugin {
  constructor(private readonly servers: McpServers) {}

  async onApplicationBootstrap() {
    await addAll(this.servers.get());
  }
}

class DenyGlobally implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException('denied by a guard mcp');
  }
}

const GUARDS: [
  kind: string,
  providers: Provider[],
  configure?: (application: INestApplication) => void,
][] = [
  ['a guard', [{ provide: APP_GUARD, useClass: Deny }]],
  [
    'a request-scoped guard',
    [{ provide: APP_GUARD, useClass: DenyInRequest, scope: Scope.REQUEST }],
  ],
  [
    'a transient guard',
    [{ provide: APP_GUARD, useClass: DenyTransient, scope: Scope.TRANSIENT }],
  ],
  [
    'a guard of main.ts',
    [],
    (application) => application.useGlobalGuards(new DenyGlobally()),
  ],
];

const MOMENTS: [when: string, plugin: Provider][] = [
  ['in a constructor', EarlyPlugin],
  ['when its module is initialised', InitPlugin],
  ['when the application has started', BootstrapPlugin],
];

describe('what is added at run time', () => {
  let world: ToolWorld;
  let served: ServedTools;
  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterEach(async () => {
    ran = [];
    await world.closeAll();
  });
  afterAll(() => world.stop());

  const serve = async (
    providers: Provider[],
    configure?: (application: INestApplication) => void,
  ) => {
    served = await world.serve({
      providers: [Reason, ...providers],
      options: { mcp: {} },
      ...(configure && { configure }),
    });
    return served.application.get(McpServers).get();
  };

  describe.each(MOMENTS)('%s', (_when, plugin) => {
    it('runs where nobody denies it', async () => {
      await serve([plugin]);
      for (const call of Object.values(CALLS)) {
        expect(await served.send(call)).toHaveProperty('result');
      }
      expect(ran).toEqual(Object.keys(CALLS));
    });

    it.each(GUARDS)('is kept from running by %s', async (...guard) => {
      const [, providers, configure] = guard;
      await serve([plugin, ...providers], configure);
      const answers = [];
      for (const call of Object.values(CALLS)) {
        answers.push(JSON.stringify(await served.send(call)));
      }
      expect(ran).toEqual([]);
      for (const answer of answers) {
        expect(answer).toContain('denied by a guard mcp');
      }
    });
  });

  it('carries what guards look for', async () => {
    const Roles = Reflector.createDecorator<string[]>();
    class RolesGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        const handler = context.getHandler();
        const needed = new Reflector().get(Roles, handler) ?? [];
        const tag: unknown = Reflect.getMetadata('tag', handler);
        ran.push(`${handler.name} ${needed.join()} ${String(tag)}`);
        return needed.length === 0;
      }
    }
    const server = await serve([{ provide: APP_GUARD, useClass: RolesGuard }]);
    const handler = run('handler');
    const description = 'For some';
    await server.addTool({
      name: 'closed',
      description,
      handler,
      decorators: [Roles(['admin']), SetMetadata('tag', 1)],
    });
    await server.addTool({ name: 'open', description, handler });
    expect(await served.call('closed')).toMatchObject({
      result: { isError: true },
    });
    expect(await served.text('open')).toBe('handler');
    expect(ran).toEqual(['closed admin 1', 'open  undefined', 'handler']);
  });

  it('has guards and interceptors of its own, which are instances', async () => {
    const server = await serve([]);
    const shout: NestInterceptor = {
      intercept: (_context: ExecutionContext, next: CallHandler) =>
        next.handle().pipe(map((value) => `${String(value)}!`)),
    };
    const tool = { description: 'Does something', handler: run('own') };
    await server.addTool({
      ...tool,
      name: 'loud',
      decorators: [UseInterceptors(shout)],
    });
    await server.addTool({
      ...tool,
      name: 'denied',
      decorators: [UseGuards(new DenyGlobally())],
    });
    expect(await served.text('loud')).toBe('own!');
    expect(await served.text('denied')).toContain('denied by a guard');
    expect(ran).toEqual(['own']);
    await expect(
      server.addTool({
        ...tool,
        name: 'skipped',
        decorators: [UseGuards(Deny)],
      }),
    ).rejects.toThrow('addTool("skipped"): Nest would skip Deny');
  });

  it('has guards that also stand before what belongs to it', async () => {
    const Roles = Reflector.createDecorator<string[]>();
    class RolesGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        const needed = new Reflector().get(Roles, context.getHandler()) ?? [];
        return needed.length === 0;
      }
    }
    const shout: NestInterceptor = {
      intercept: (_context: ExecutionContext, next: CallHandler) =>
        next.handle().pipe(map((value) => `${String(value)}!`)),
    };
    const server = await serve([{ provide: APP_GUARD, useClass: RolesGuard }]);
    const add = (scheme: string, ...decorators: MethodDecorator[]) =>
      server.addResource({
        name: scheme,
        uri: `${scheme}://{id}`,
        handler: run('read'),
        list: () => [{ uri: `${scheme}://${run('list')()}` }],
        complete: { id: () => [run('completion')()] },
        decorators: [UseInterceptors(shout), ...decorators],
      });
    const complete = (uri: string) =>
      request('completion/complete', {
        ref: { type: 'ref/resource', uri },
        argument: { name: 'id', value: '' },
      });
    const open = await add('open');
    const list = await served.send(request('resources/list'));
    expect(list.result.resources).toEqual([
      { uri: 'open://list', name: 'open' },
    ]);
    const { result } = await served.send(complete('open://{id}'));
    expect(result.completion.values).toEqual(['completion']);
    open.remove();
    ran = [];
    await add('role', Roles(['admin']));
    await add('own', UseGuards(new DenyGlobally()));
    for (const call of [
      complete('role://{id}'),
      complete('own://{id}'),
      request('resources/list'),
    ]) {
      expect(await served.send(call)).toHaveProperty('error');
    }
    expect(ran).toEqual([]);
  });

  it('passes interceptors and pipes of the whole application', async () => {
    class Trace implements NestInterceptor {
      intercept(context: ExecutionContext, next: CallHandler) {
        const mcp = McpExecutionContext.create(context);
        ran.push(`${mcp.getKind()} ${mcp.getName()}`);
        return next.handle();
      }
    }
    class Trim implements PipeTransform {
      transform(value: { text?: string }, { type }: { type: string }) {
        return type === 'body' ? { text: value.text?.trim() } : value;
      }
    }
    const server = await serve([
      { provide: APP_INTERCEPTOR, useClass: Trace },
      { provide: APP_PIPE, useClass: Trim },
    ]);
    await server.addTool({
      name: 'echo',
      description: 'Repeats',
      input: z.object({ text: z.string() }),
      handler: ({ text }) => `<${text}>`,
    });
    expect(await served.text('echo', { text: '  a ' })).toBe('<a>');
    expect(ran).toEqual(['tool echo']);
  });

  describe('with grants', () => {
    const input = z.object({ text: z.string() });
    const description = 'Lists events';
    const handler = (
      _input: unknown,
      _context: unknown,
      access: AccessContext,
    ) => ({
      good: access.getSuccessfulResources(),
      bad: access.getFailedResources(),
    });
    const exchanges = () =>
      world.zone.count(
        'token',
        'urn:ietf:params:oauth:grant-type:token-exchange',
      );

    it('exchanges tokens once the input is valid', async () => {
      const server = await serve([]);
      const events = { name: 'events', description, input, handler };
      await server.addTool({ ...events, grants: CALENDAR });
      world.zone.clearCalls();
      const wrong = await served.call('events', { text: 1 });
      expect(wrong.result).toMatchObject({ isError: true });
      expect(exchanges()).toBe(0);
      const right = await served.call('events', { text: 'a' });
      expect(right.result!.structuredContent).toEqual({
        good: [CALENDAR],
        bad: [],
      });
      expect(exchanges()).toBe(1);
    });

    it('has those of its own, not those of others', async () => {
      const server = await serve([]);
      const seen: unknown[] = [];
      const optional = (resource: string) =>
        Grant(
          ({ context }) => {
            seen.push(context.getHandler().name);
            return resource;
          },
          { optional: true },
        );
      const tool = { description, handler };
      await server.addTool({ ...tool, name: 'none' });
      await server.addTool({
        ...tool,
        name: 'both',
        grants: CALENDAR,
        decorators: [optional(MAIL)],
      });
      const none = await served.call('none');
      expect(none.result!.structuredContent).toEqual({ good: [], bad: [] });
      const both = await served.call('both');
      expect(both.result!.structuredContent).toEqual({
        good: [CALENDAR],
        bad: [MAIL],
      });
      expect(seen).toEqual(['both']);
    });
  });
});
