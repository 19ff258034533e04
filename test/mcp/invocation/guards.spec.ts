import {
  ForbiddenException,
  Injectable,
  Scope,
  UseGuards,
  type CanActivate,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { McpTool } from 'nestjs-keycard';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ToolWorld } from './tool-world.js';

@Injectable()
class Reason {
  readonly text = 'denied by a guard';
}

/** Denies, and only if it was constructed with what it depends on. */
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

type Provide = (type: new () => object) => Provider[];

/** Nest constructs the class, and prepares its guards. */
const CLASSES: [kind: string, provide: Provide][] = [
  ['a class', (type) => [type]],
  ['a class under a token', (type) => [{ provide: 'T', useClass: type }]],
  ['an alias', (type) => [type, { provide: 'T', useExisting: type }]],
  [
    'a request-scoped class',
    (type) => [{ provide: type, useClass: type, scope: Scope.REQUEST }],
  ],
  [
    'a request-scoped class under a token',
    (type) => [{ provide: 'T', useClass: type, scope: Scope.REQUEST }],
  ],
  [
    'a transient class',
    (type) => [{ provide: type, useClass: type, scope: Scope.TRANSIENT }],
  ],
  [
    'a durable class',
    (type) => [
      { provide: type, useClass: type, scope: Scope.REQUEST, durable: true },
    ],
  ],
];

/** Nest gets an instance, and would not look at its guards. */
const OTHERS: [kind: string, provide: Provide][] = [
  ['a factory', (type) => [{ provide: type, useFactory: () => new type() }]],
  [
    'an asynchronous factory',
    (type) => [{ provide: type, useFactory: async () => new type() }],
  ],
  ['a value', (type) => [{ provide: type, useValue: new type() }]],
  [
    'a request-scoped factory',
    (type) => [
      { provide: type, useFactory: () => new type(), scope: Scope.REQUEST },
    ],
  ],
  [
    'a transient factory',
    (type) => [
      { provide: type, useFactory: () => new type(), scope: Scope.TRANSIENT },
    ],
  ],
  [
    'a factory under a token',
    (type) => [{ provide: 'T', useFactory: () => new type() }],
  ],
  ['a value under a token', (type) => [{ provide: 'T', useValue: new type() }]],
  [
    'a factory beside a class with the same guard',
    (type) => [OtherTools, { provide: type, useFactory: () => new type() }],
  ],
];

/** Has Nest prepare the guards for this module, but not for the tool's host. */
@UseGuards(Deny, DenyInRequest, DenyTransient)
@Injectable()
class OtherTools {
  @McpTool({ description: 'For tests' })
  other() {}
}

const GUARDS = [
  ['a singleton', Deny],
  ['a request-scoped', DenyInRequest],
  ['a transient', DenyTransient],
] as const;

/** The same tool with the guard in each place. New classes each time: Nest caches by class. */
const PLACES = [
  [
    'the class',
    (guard: typeof Deny, run: () => void) => {
      @UseGuards(guard)
      @Injectable()
      class Tools {
        @McpTool({ description: 'For tests' })
        run() {
          run();
        }
      }
      return Tools;
    },
  ],
  [
    'the method',
    (guard: typeof Deny, run: () => void) => {
      @Injectable()
      class Tools {
        @McpTool({ description: 'For tests' })
        @UseGuards(guard)
        run() {
          run();
        }
      }
      return Tools;
    },
  ],
  [
    'an inherited method',
    (guard: typeof Deny, run: () => void) => {
      class Base {
        @UseGuards(guard)
        @McpTool({ description: 'For tests' })
        run() {
          run();
        }
      }
      @Injectable()
      class Tools extends Base {}
      return Tools;
    },
  ],
  [
    'the class a method is inherited by',
    (guard: typeof Deny, run: () => void) => {
      class Base {
        @McpTool({ description: 'For tests' })
        run() {
          run();
        }
      }
      @UseGuards(guard)
      @Injectable()
      class Tools extends Base {}
      return Tools;
    },
  ],
] as const;

describe('guards', () => {
  let world: ToolWorld;

  beforeAll(async () => {
    world = await ToolWorld.start();
  });
  afterEach(() => world.closeAll());
  afterAll(() => world.stop());

  describe.each(GUARDS)('%s guard', (_guard, guard) => {
    describe.each(PLACES)('on %s', (_place, create) => {
      it.each(CLASSES)('of %s denies', async (_host, provide) => {
        let runs = 0;
        const type = create(guard, () => runs++);
        const tools = await world.serve({
          providers: [Reason, ...provide(type)],
        });
        expect(await tools.text('run')).toBe('denied by a guard');
        expect(runs).toBe(0);
      });

      it.each(OTHERS)('of %s stops the boot', async (_host, provide) => {
        const type = create(guard, () => {});
        await expect(
          world.serve({ providers: [Reason, ...provide(type)] }),
        ).rejects.toMatchObject({
          name: 'McpDefinitionError',
          message: expect.stringMatching(/^Tools.run .*Provide the class/),
        });
      });
    });

    it.each([...CLASSES, ...OTHERS])(
      'for all denies %s, or stops the boot',
      async (_host, provide) => {
        let runs = 0;
        const type = createPlain(() => runs++);
        const outcome = await world
          .serve({
            providers: [
              Reason,
              ...provide(type),
              { provide: APP_GUARD, useClass: guard },
            ],
          })
          .then(
            (tools) => tools.text('run'),
            (error: Error) => error.name,
          );
        expect(runs).toBe(0);
        expect(['denied by a guard', 'McpDefinitionError']).toContain(outcome);
      },
    );
  });

  it.each(CLASSES)('for all, set in main.ts, deny %s', async (_, provide) => {
    const tools = await world.serve({
      providers: provide(createPlain(() => {})),
      configure: (application) =>
        application.useGlobalGuards(new Deny(new Reason())),
    });
    expect(await tools.text('run')).toBe('denied by a guard');
  });

  it.each([...CLASSES, ...OTHERS.slice(0, 3)])(
    'without one, %s runs',
    async (_host, provide) => {
      let runs = 0;
      const type = createPlain(() => runs++);
      const tools = await world.serve({ providers: provide(type) });
      expect((await tools.call('run')).result).toEqual({ content: [] });
      expect(runs).toBe(1);
    },
  );

  it('given as instances run on a factory, too', async () => {
    @Injectable()
    class Tools {
      @UseGuards(new Deny(new Reason()))
      @McpTool({ description: 'For tests' })
      run() {}
    }
    const tools = await world.serve({
      providers: [{ provide: Tools, useFactory: () => new Tools() }],
    });
    expect(await tools.text('run')).toBe('denied by a guard');
  });
});

function createPlain(run: () => void): new () => object {
  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    run() {
      run();
    }
  }
  return Tools;
}
