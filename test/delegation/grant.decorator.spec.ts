import {
  AccessContext,
  Grant,
  McpTool,
  type RequestScopes,
} from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import { grantsOf } from '../../lib/delegation/grant.decorator.js';
import type { GrantCall } from '../../lib/delegation/grant.interface.js';
import { resolveGrants } from '../../lib/delegation/grant-resolver.js';
import { InvalidScopeError } from '../../lib/oauth/errors/invalid-scope.error.js';
import { hasParameter } from '../../lib/parameters/injected-parameter.js';

const A = 'https://a.example.test';
const B = 'https://b.example.test';

function grantsWith(...decorators: MethodDecorator[]) {
  class Tools {
    run(_access: AccessContext) {}
  }
  const descriptor = Object.getOwnPropertyDescriptor(Tools.prototype, 'run')!;
  // As the compiler does it: the one nearest to the method runs first.
  for (const decorate of decorators.toReversed()) {
    decorate(Tools.prototype, 'run', descriptor);
  }
  return resolve(grantsOf(descriptor.value as object));
}

/** What they come to in a call whose details do not matter. */
const resolve = (declarations: ReturnType<typeof grantsOf>) =>
  resolveGrants(declarations, {} as GrantCall);

const grantsOfMethod = (type: { prototype: object }, method: string) =>
  resolve(grantsOf(Reflect.get(type.prototype, method) as object));

const grant = (resource: string, ...scopes: string[]) => ({
  resource,
  scopes,
  authority: { kind: 'caller' },
  isOptional: false,
});

describe('@Grant', () => {
  it.each<[string, RequestScopes | undefined, object[]]>([
    ['nothing', undefined, [grant(A), grant(B)]],
    ['a text', 'y x', [grant(A, 'x', 'y'), grant(B, 'x', 'y')]],
    ['a list', ['y', 'x', 'y'], [grant(A, 'x', 'y'), grant(B, 'x', 'y')]],
    ['an empty text', '', [grant(A), grant(B)]],
    ['a blank text', '  ', [grant(A), grant(B)]],
    ['an empty list', [], [grant(A), grant(B)]],
    ['a map to texts', { [A]: 'y x' }, [grant(A, 'x', 'y'), grant(B)]],
    ['a map to lists', { [B]: ['x'] }, [grant(A), grant(B, 'x')]],
    ['a map to nothing', { [A]: '', [B]: [] }, [grant(A), grant(B)]],
    ['a map of others', { toString: 'x' }, [grant(A), grant(B)]],
  ])('asks for scopes given as %s', async (_case, requestScopes, expected) => {
    const grants = await grantsWith(Grant([A, B], { requestScopes }));
    expect(grants).toEqual(expected);
  });

  it('takes a name every object has for a resource like any other', async () => {
    const grants = await grantsWith(Grant('toString', { requestScopes: {} }));
    expect(grants).toEqual([grant('toString')]);
  });

  it.each([
    ['adds resources', [Grant(A), Grant(B)], [grant(A), grant(B)]],
    [
      'adds scopes',
      [
        Grant(A, { requestScopes: 'b' }),
        Grant([B, A], { requestScopes: ['c', 'a'] }),
      ],
      [grant(A, 'a', 'b', 'c'), grant(B, 'a', 'c')],
    ],
    ['counts a resource once', [Grant([A, A]), Grant(A)], [grant(A)]],
  ])('stacked, it %s', async (_case, decorators, expected) => {
    expect(await grantsWith(...decorators)).toEqual(expected);
  });

  it.each([
    ['above', [Grant(A), McpTool({ description: 'For tests' })]],
    ['below', [McpTool({ description: 'For tests' }), Grant(A)]],
  ])('works %s @McpTool', async (_case, decorators) => {
    expect(await grantsWith(...decorators)).toEqual([grant(A)]);
  });

  it('injects the context without a decorator on the parameter', () => {
    class Tools {
      @Grant(A)
      run(_first: string, _access: AccessContext) {}
    }
    expect(hasParameter(Tools, 'run', 'AccessContext')).toBe(true);
  });

  it('belongs to one method, and to those that inherit it', async () => {
    class Base {
      @Grant(A)
      run(_access: AccessContext) {}
      other() {}
    }
    class Same extends Base {}
    class Overridden extends Base {
      override run() {}
    }
    expect(await grantsOfMethod(Same, 'run')).toEqual([grant(A)]);
    expect(await grantsOfMethod(Overridden, 'run')).toEqual([]);
    expect(await grantsOfMethod(Base, 'other')).toEqual([]);
  });

  it.each([
    ['nothing', []],
    ['a blank', ''],
    ['spaces', [A, '  ']],
    ['a hole', [undefined]],
  ])('refuses %s for a resource', (_case, resources) => {
    expect(() => Grant(resources as string[])).toThrow(TypeError);
    expect(() => Grant(resources as string[])).toThrow(
      '@Grant() needs at least one resource',
    );
  });

  it('refuses what is no scope', () => {
    expect(() => grantsWith(Grant(A, { requestScopes: ['a"b'] }))).toThrow(
      InvalidScopeError,
    );
  });

  it.each<[string, () => unknown]>([
    [
      'a static method: Tools.run',
      () => {
        class Tools {
          @Grant(A)
          static run() {}
        }
        return Tools;
      },
    ],
    [
      'a property: Tools.run',
      () => {
        class Tools {
          @(Grant(A) as PropertyDecorator)
          run = () => 1;
        }
        return Tools;
      },
    ],
    [
      'a class: Tools',
      () => {
        @(Grant(A) as ClassDecorator)
        class Tools {}
        return Tools;
      },
    ],
    [
      'an accessor: Tools.run',
      () => {
        class Tools {
          @Grant(A)
          get run() {
            return 1;
          }
        }
        return Tools;
      },
    ],
  ])('refuses %s', (name, declare) => {
    expect(declare).toThrow(`@Grant() on ${name.split(': ')[1]}`);
  });
});
