import {
  ForbiddenException,
  Inject,
  Injectable,
  Scope,
  SetMetadata,
  UseGuards,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
  type Provider,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { APP_GUARD, REQUEST, Reflector } from '@nestjs/core';
import { McpTool, type McpExecutionContext } from 'nestjs-keycard';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../support/adapters.js';
import { ToolWorld } from './tool-world.js';

void (0 as unknown as McpExecutionContext);

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

type HostKind = readonly [
  kind: string,
  create: (type: new () => object) => Provider[],
];

const HOSTS: HostKind[] = [
  ['a class', (type) => [type]],
  [
    'a class under a token',
    (type) => [{ provide: 'TOKEN', useClass: type }],
  ],
  ['a factory', (type) => [{ provide: type, useFactory: () => new type() }]],
  [
    'an asynchronous factory',
    (type) => [{ provide: type, useFactory: async () => new type() }],
  ],
  ['a value', (type) => [{ provide: type, useValue: new type() }]],
  ['an alias', (type) => [type, { provide: 'ALIAS', useExisting: type }]],
  [
    'a request-scoped class',
    (type) => [{ provide: type, useClass: type, scope: Scope.REQUEST }],
  ],
  [
    'a request-scoped class under a token',
    (type) => [{ provide: 'TOKEN', useClass: type, scope: Scope.REQUEST }],
  ],
  [
    'a transient class',
    (type) => [{ provide: type, useClass: type, scope: Scope.TRANSIENT }],
  ],
  [
    'a request-scoped factory',
    (type) => [
      { provide: type, useFactory: () => new type(), scope: Scope.REQUEST },
    ],
  ],
  [
    'a durable class',
    (type) => [
      { provide: type, useClass: type, scope: Scope.REQUEST, durable: true },
    ],
  ],
];

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
        @McpTool()
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
        @McpTool()
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
        @McpTool()
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
        @McpTool()
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
      it.each(HOSTS)('of %s denies', async (_host, provide) => {
        let runs = 0;
        const type = create(guard, () => runs++);
        const outcome = await world
          .serve({ providers: [Reason, ...provide(type)] })
          .then(
            (tools) => tools.text('run'),
            (error: Error) => String(error.stack),
          );
        expect(runs).toBe(0);
        expect(outcome).toBe('denied by a guard');
      });
    });

    it.each(HOSTS)('for all denies %s', async (_host, provide) => {
      let runs = 0;
      const type = PLACES[0][1](Pass as never, () => runs++);
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
          (error: Error) => String(error.stack),
        );
      expect(runs).toBe(0);
      expect(outcome).toBe('denied by a guard');
    });
  });
});

@Injectable()
class Pass implements CanActivate {
  canActivate() {
    return true;
  }
}
