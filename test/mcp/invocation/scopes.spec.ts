import { setTimeout as wait } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Module,
  Scope,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ContextIdFactory, ModuleRef, REQUEST } from '@nestjs/core';
import { McpContext, McpTool, Principal } from 'nestjs-keycard';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { request } from '../../support/post.js';
import { ToolWorld } from './tool-world.js';

interface TaggedRequest {
  readonly headers: Record<string, string>;
  guarded?: number;
}

const call = (id: number) =>
  request('tools/call', { name: 'run', arguments: {} }, id);

describe('tools whose instances live as long as a call', () => {
  let world: ToolWorld;

  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterEach(() => world.closeAll());
  afterAll(() => world.stop());

  it.each(ADAPTERS)(
    '200 concurrent calls do not mix on %s',
    async (_name, createAdapter) => {
      @Injectable({ scope: Scope.REQUEST })
      class Tag {
        readonly value: string;
        constructor(@Inject(REQUEST) tagged: TaggedRequest) {
          this.value = tagged.headers['x-tag']!;
        }
      }
      @Injectable()
      class Tools {
        constructor(private readonly tag: Tag) {}

        @McpTool({ description: 'For tests' })
        async run(context: McpContext, principal: Principal) {
          const before = this.tag.value;
          await wait(Number(before) % 7);
          const after = context.headers['x-tag'];
          return [before, this.tag.value, after, principal.subject].join();
        }
      }
      const tools = await world.serve({
        providers: [Tag, Tools],
        adapter: createAdapter(),
      });
      const tags = Array.from({ length: 200 }, (_none, index) => `${index}`);
      const answers = await Promise.all(
        tags.map((tag) => tools.text('run', {}, { 'x-tag': tag })),
      );
      expect(answers).toEqual(
        tags.map((tag) => [tag, tag, tag, 'usr_ada'].join()),
      );
    },
  );

  it('calls of one batch do not mix either', async () => {
    let count = 0;
    @Injectable({ scope: Scope.REQUEST })
    class Tools {
      private readonly id = ++count;

      @McpTool({ description: 'For tests' })
      run() {
        return String(this.id);
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    const answers = await tools.send([call(1), call(2), call(3)], {
      'mcp-protocol-version': '2025-03-26',
    });
    const texts = answers.map(
      (answer: any) => answer.result.content[0].text as string,
    );
    expect(new Set(texts)).toEqual(new Set(['1', '2', '3']));
  });

  it('a guard and the tool share the instances of a request', async () => {
    let count = 0;
    @Injectable({ scope: Scope.REQUEST })
    class Shared {
      readonly id = ++count;
    }
    @Injectable()
    class Guard implements CanActivate {
      constructor(private readonly moduleRef: ModuleRef) {}

      async canActivate(context: ExecutionContext) {
        const tagged: TaggedRequest = context.switchToHttp().getRequest();
        const contextId = ContextIdFactory.getByRequest(tagged);
        const shared = await this.moduleRef.resolve(Shared, contextId);
        tagged.guarded = shared.id;
        return true;
      }
    }
    @Injectable()
    class Tools {
      constructor(
        private readonly shared: Shared,
        @Inject(REQUEST) private readonly tagged: TaggedRequest,
      ) {}

      @UseGuards(Guard)
      @McpTool({ description: 'For tests' })
      run() {
        return [this.shared.id, this.tagged.guarded].join();
      }
    }
    const tools = await world.serve({ providers: [Shared, Tools] });
    expect(await tools.text('run')).toBe('1,1');
    expect(await tools.text('run')).toBe('2,2');
  });

  it('a transient tool has an instance per call', async () => {
    let count = 0;
    @Injectable({ scope: Scope.TRANSIENT })
    class Tools {
      private readonly id = ++count;

      @McpTool({ description: 'For tests' })
      run() {
        return String(this.id);
      }
    }
    const tools = await world.serve({ providers: [Tools] });
    const ids = [await tools.text('run'), await tools.text('run')];
    expect(new Set(ids).size).toBe(2);
  });

  it('a durable tool is shared by the calls of a tenant', async () => {
    let count = 0;
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class Tenant {
      readonly id = ++count;
      constructor(@Inject(REQUEST) readonly payload: object) {}
    }
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class Tools {
      constructor(private readonly tenant: Tenant) {}

      @McpTool({ description: 'For tests' })
      run() {
        return { id: this.tenant.id, ...this.tenant.payload };
      }
    }
    const tenants = new Map<
      string,
      ReturnType<typeof ContextIdFactory.create>
    >();
    ContextIdFactory.apply({
      attach(contextId, tagged: TaggedRequest) {
        const tenant = tagged.headers?.['x-tenant'] ?? 'none';
        const tree = tenants.get(tenant) ?? ContextIdFactory.create();
        tenants.set(tenant, tree);
        return {
          resolve: ({ isTreeDurable }) => (isTreeDurable ? tree : contextId),
          payload: { tenant },
        };
      },
    });
    try {
      const tools = await world.serve({ providers: [Tenant, Tools] });
      const answers = [];
      for (const tenant of ['a', 'a', 'b']) {
        const { result } = await tools.call('run', {}, { 'x-tenant': tenant });
        answers.push(result!.structuredContent);
      }
      expect(answers).toEqual([
        { id: 1, tenant: 'a' },
        { id: 1, tenant: 'a' },
        { id: 2, tenant: 'b' },
      ]);
    } finally {
      ContextIdFactory.apply(undefined as never);
    }
  });

  it('a class in two modules is one tool, with the parts of its module', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Tools {
      constructor(@Inject('WHERE') private readonly where: string) {}

      @McpTool({ description: 'For tests' })
      run() {
        return this.where;
      }
    }
    @Module({ providers: [Tools, { provide: 'WHERE', useValue: 'first' }] })
    class First {}
    @Module({ providers: [Tools, { provide: 'WHERE', useValue: 'second' }] })
    class Second {}
    const tools = await world.serve({ imports: [First, Second] });
    expect(await tools.names()).toEqual(['run']);
    expect(await tools.text('run')).toBe('first');
  });
});
