import {
  BadRequestException,
  Catch,
  createParamDecorator,
  ForbiddenException,
  Injectable,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, BaseExceptionFilter } from '@nestjs/core';
import {
  AccessContext,
  Grant,
  McpCompletion,
  McpExecutionContext,
  McpPrompt,
  McpResource,
  McpResourceList,
  McpTool,
  Principal,
} from 'nestjs-keycard';
import { map } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../support/post.js';
import { CALENDAR, ToolWorld, type ServedTools } from './tool-world.js';

/** How each kind of handler is reached, and where its answer is. */
type Kind = readonly [name: string, method: string, params: object];

const KINDS = [
  ['tool', 'tools/call', { name: 'tool', arguments: { id: '7' } }],
  ['resource', 'resources/read', { uri: 'one://a' }],
  ['template', 'resources/read', { uri: 'many://7' }],
  ['resourceList', 'resources/list', {}],
  [
    'completion',
    'completion/complete',
    {
      ref: { type: 'ref/resource', uri: 'many://{id}' },
      argument: { name: 'id', value: '7' },
    },
  ],
  ['prompt', 'prompts/get', { name: 'prompt', arguments: { id: '7' } }],
] as const satisfies readonly Kind[];
const NAMES = KINDS.map(([name]) => name);
/** A fixed resource has nothing to validate or transform. */
const WITH_INPUT = KINDS.filter(
  ([name]) => name !== 'resource' && name !== 'resourceList',
);

type Run = (method: string, input?: unknown) => void;

const INPUT = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 3 } },
};

const Header = createParamDecorator(
  (name: string, context: ExecutionContext) =>
    context.switchToHttp().getRequest().headers[name],
);

/** New classes each time: Nest remembers what it prepared by class. */
function createHandlers(run: Run): Type {
  @Injectable()
  class Handlers {
    @McpTool({ description: 'For tests', input: INPUT })
    tool(input: object) {
      run('tool', input);
      return 'answer';
    }

    @McpResource('one://a')
    resource(@Header('accept') accept: string) {
      run('resource', accept);
      return 'answer';
    }

    @McpResource({ uri: 'many://{id}', input: INPUT })
    template(input: object) {
      run('template', input);
      return 'answer';
    }

    @McpResourceList('template')
    resourceList({ subject }: Principal) {
      run('resourceList', subject);
      return [{ uri: 'many://answer' }];
    }

    @McpCompletion('template', 'id')
    completion(query: object) {
      run('completion', query);
      return ['answer'];
    }

    @McpPrompt({ input: INPUT })
    prompt(input: object) {
      run('prompt', input);
      return 'answer';
    }
  }
  return Handlers;
}

function decorate(type: Type, decorator: MethodDecorator & ClassDecorator) {
  return {
    'the class': () => decorator(type),
    'every method': () => {
      for (const name of NAMES) {
        const { prototype } = type;
        const property = Object.getOwnPropertyDescriptor(prototype, name)!;
        decorator(prototype, name, property);
      }
    },
  };
}

@Injectable()
class Reason {
  readonly text = 'denied by a guard';
}

@Injectable()
class Deny implements CanActivate {
  constructor(private readonly reason: Reason) {}

  canActivate(): boolean {
    throw new ForbiddenException(this.reason.text);
  }
}

@Injectable({ scope: Scope.REQUEST })
class DenyInRequest extends Deny {}

@Injectable({ scope: Scope.TRANSIENT })
class DenyTransient extends Deny {}

const GUARDS = [
  ['a singleton', Deny],
  ['a request-scoped', DenyInRequest],
  ['a transient', DenyTransient],
] as const;

const PLACES = ['the class', 'every method'] as const;

@Catch()
class CatchAll extends BaseExceptionFilter {}

describe('what Nest runs around handlers of every kind', () => {
  let world: ToolWorld;
  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterEach(() => world.closeAll());
  afterAll(() => world.stop());

  const serve = (type: Type, others: Provider[] = []) =>
    world.serve({ providers: [type, Reason, ...others] });

  const send = async (served: ServedTools, [, method, params]: Kind) =>
    JSON.stringify(await served.send(request(method, { ...params })));

  it.each(KINDS)('a %s answers', async (...kind) => {
    const runs: unknown[] = [];
    const served = await serve(createHandlers((method) => runs.push(method)));
    const text = await send(served, kind);
    expect(text).toContain('answer');
    expect(text).not.toContain('"error"');
    expect(runs).toEqual([kind[0]]);
  });

  describe.each(GUARDS)('%s guard', (_guard, guard) => {
    it.each(PLACES)('on %s denies them all', async (place) => {
      const runs: unknown[] = [];
      const type = createHandlers((method) => runs.push(method));
      decorate(type, UseGuards(guard))[place]();
      const served = await serve(type);
      for (const kind of KINDS) {
        expect(await send(served, kind)).toContain('denied by a guard');
      }
      expect(runs).toEqual([]);
    });

    it('for all denies them all', async () => {
      const runs: unknown[] = [];
      const type = createHandlers((method) => runs.push(method));
      const served = await serve(type, [
        { provide: APP_GUARD, useClass: guard },
      ]);
      for (const kind of KINDS) {
        expect(await send(served, kind)).toContain('denied by a guard');
      }
      expect(runs).toEqual([]);
    });
  });

  it('guards run before the input is looked at', async () => {
    const type = createHandlers(() => {});
    decorate(type, UseGuards(Deny))['the class']();
    const served = await serve(type);
    const tooLong = { id: 'too long' };
    const calls = [
      request('tools/call', { name: 'tool', arguments: tooLong }),
      request('prompts/get', { name: 'prompt', arguments: tooLong }),
      request('resources/read', { uri: 'many://too-long' }),
    ];
    for (const call of calls) {
      const text = JSON.stringify(await served.send(call));
      expect(text).toContain('denied by a guard');
      expect(text).not.toContain('too long');
      expect(text).not.toContain('characters');
    }
  });

  it('guards know what is called', async () => {
    const seen: unknown[] = [];
    class Note implements CanActivate {
      canActivate(context: ExecutionContext) {
        const mcp = McpExecutionContext.create(context);
        seen.push([mcp.getKind(), mcp.getName(), mcp.getUri()]);
        return true;
      }
    }
    const type = createHandlers(() => {});
    decorate(type, UseGuards(Note))['the class']();
    const served = await serve(type);
    for (const kind of KINDS) await send(served, kind);
    expect(seen).toEqual([
      ['tool', 'tool', undefined],
      ['resource', 'one://a', 'one://a'],
      ['resource', 'many://{id}', 'many://7'],
      ['resource_list', 'many://{id}', undefined],
      ['completion', 'many://{id}', undefined],
      ['prompt', 'prompt', undefined],
    ]);
  });

  it.each(PLACES)(
    'interceptors on %s change what is answered',
    async (place) => {
      class Shout implements NestInterceptor {
        intercept(_context: ExecutionContext, next: CallHandler) {
          return next.handle().pipe(
            map((value: unknown) => {
              const text = JSON.stringify(value).replace('answer', 'changed');
              return JSON.parse(text) as unknown;
            }),
          );
        }
      }
      const type = createHandlers(() => {});
      decorate(type, UseInterceptors(Shout))[place]();
      const served = await serve(type);
      for (const kind of KINDS) {
        const text = await send(served, kind);
        expect(text).toContain('changed');
        expect(text).not.toContain('answer');
      }
    },
  );

  it.each(PLACES)('pipes on %s transform the input', async (place) => {
    class Extend implements PipeTransform {
      transform(value: object) {
        return typeof value === 'object' ? { ...value, piped: true } : value;
      }
    }
    const inputs: unknown[] = [];
    const type = createHandlers((_method, input) => inputs.push(input));
    decorate(type, UsePipes(Extend))[place]();
    const served = await serve(type);
    for (const kind of WITH_INPUT) await send(served, kind);
    expect(inputs).toHaveLength(WITH_INPUT.length);
    for (const input of inputs) expect(input).toMatchObject({ piped: true });
  });

  it('decorators of the user’s own find their values', async () => {
    const inputs: unknown[] = [];
    const served = await serve(
      createHandlers((_method, input) => inputs.push(input)),
    );
    await send(served, KINDS[1]);
    await send(served, KINDS[3]);
    expect(inputs).toEqual(['application/json, text/event-stream', 'usr_ada']);
  });

  it('filters of their own answer, and one for all hides nothing', async () => {
    class Expected extends Error {}
    @Catch(Expected)
    class ExpectedFilter implements ExceptionFilter {
      catch() {
        return 'by the filter';
      }
    }
    const fail = (error: Error) =>
      createHandlers(() => {
        throw error;
      });
    const answering = fail(new Expected());
    decorate(answering, UseFilters(ExpectedFilter))['the class']();
    const global = { provide: APP_FILTER, useClass: CatchAll };
    const filtered = await serve(answering, [global]);
    for (const kind of [KINDS[0], KINDS[1], KINDS[2], KINDS[5]]) {
      expect(await send(filtered, kind)).toContain('by the filter');
    }
    const known = await serve(fail(new BadRequestException('no such day')), [
      global,
    ]);
    for (const kind of KINDS) {
      expect(await send(known, kind)).toContain('no such day');
    }
    const unknown = await serve(fail(new Error('secret-of-the-database')), [
      global,
    ]);
    for (const kind of KINDS) {
      const text = await send(unknown, kind);
      expect(text).toContain('internal error');
      expect(text).not.toContain('secret-of-the-database');
    }
    expect(unknown.logger.text).toContain('secret-of-the-database');
  });

  it('each call has an instance of its own, where it lives as long', async () => {
    let created = 0;
    @Injectable({ scope: Scope.REQUEST })
    class Scoped extends createHandlers(() => {}) {
      constructor() {
        super();
        created += 1;
      }
    }
    const served = await serve(Scoped);
    created = 0;
    for (const kind of KINDS) {
      expect(await send(served, kind)).toContain('answer');
    }
    expect(created).toBe(KINDS.length);
  });

  it('grants give tokens to resources and prompts', async () => {
    @Injectable()
    class Granted {
      @Grant(CALENDAR)
      @McpResource('granted://{id}')
      resource(_variables: object, access: AccessContext) {
        return `${access.getStatus()} ${typeof access.access(CALENDAR).accessToken}`;
      }

      @Grant(CALENDAR)
      @McpPrompt()
      prompt(access: AccessContext) {
        return access.getStatus();
      }
    }
    const served = await serve(Granted);
    const read = request('resources/read', { uri: 'granted://a' });
    expect(JSON.stringify(await served.send(read))).toContain('success string');
    const get = request('prompts/get', { name: 'prompt' });
    expect(JSON.stringify(await served.send(get))).toContain('success');
  });
});
