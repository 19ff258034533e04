import { Injectable, type Type } from '@nestjs/common';
import {
  ClientSecret,
  KeycardModule,
  type McpContext,
  McpDefinitionError,
  McpTool,
  type McpToolOptions,
  ToolInput,
} from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { declarationOf } from '../../../lib/mcp/decorators/handler-declaration.js';
import { boot } from '../../support/boot.js';

describe('@McpTool', () => {
  it('is known of the method, and of nothing else', () => {
    class Tools {
      @McpTool({ description: 'For tests', name: 'one' })
      one() {}
      two() {}
    }
    const { one, two } = Object.getOwnPropertyDescriptors(Tools.prototype);
    expect(declarationOf(one.value)).toEqual({
      kind: 'tool',
      options: { description: 'For tests', name: 'one' },
    });
    for (const other of [two.value, Tools, undefined, 'one', {}]) {
      expect(declarationOf(other)).toBeUndefined();
    }
  });

  it.each<[string, string, () => unknown]>([
    [
      'a static method',
      'Tools.run',
      () => {
        class Tools {
          @McpTool({ description: 'For tests' })
          static run() {}
        }
        return Tools;
      },
    ],
    [
      'a property',
      'Tools.run',
      () => {
        class Tools {
          @(McpTool({ description: 'For tests' }) as PropertyDecorator)
          run = () => 1;
        }
        return Tools;
      },
    ],
    [
      'an accessor',
      'Tools.run',
      () => {
        class Tools {
          @McpTool({ description: 'For tests' })
          get run() {
            return 1;
          }
        }
        return Tools;
      },
    ],
    [
      'a method without a name',
      'Tools.Symbol(run)',
      () => {
        class Tools {
          @McpTool({ description: 'For tests' })
          [Symbol('run')]() {}
        }
        return Tools;
      },
    ],
    [
      'a class',
      'Tools',
      () => {
        @(McpTool({ description: 'For tests' }) as ClassDecorator)
        class Tools {}
        return Tools;
      },
    ],
  ])('is refused on %s', (_case, place, declare) => {
    expect(declare).toThrow(McpDefinitionError);
    expect(declare).toThrow(`@McpTool() on ${place} has no effect`);
  });

  it.each<[string, string, () => unknown]>([
    [
      'a constructor',
      'Tools',
      () => {
        class Tools {
          constructor(@ToolInput() readonly input: object) {}
        }
        return Tools;
      },
    ],
    [
      'a static method',
      'Tools.run',
      () => {
        class Tools {
          static run(@ToolInput() _input: object) {}
        }
        return Tools;
      },
    ],
  ])('finds no input in %s', (_case, place, declare) => {
    expect(declare).toThrow(McpDefinitionError);
    expect(declare).toThrow(`@McpInput() in ${place} has no effect`);
  });
});

function createTools(options: Partial<McpToolOptions>) {
  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests', ...options })
    run() {}
  }
  return Tools;
}

describe('mistakes that stop the boot', () => {
  @Injectable()
  class PropertyTools {
    @McpTool({ description: 'For tests' })
    run(@ToolInput('max') max: number) {
      return max;
    }
  }

  @Injectable()
  class TypeTools {
    // As the compiler leaves what is imported with `import type`.
    @McpTool({ description: 'For tests' })
    run(context: McpContext) {
      return context.era;
    }
  }

  it.each<[string, Type, string[]]>([
    [
      'a type that is not there at run time',
      TypeTools,
      ['TypeTools.run', 'import type'],
    ],
    [
      'a property of an input nobody described',
      PropertyTools,
      ['PropertyTools.run', '@McpTool({ input })'],
    ],
    [
      'a timeout below zero',
      createTools({ timeout: -1 }),
      ['Tools.run', 'timeout'],
    ],
    [
      'a timeout that is no number',
      createTools({ timeout: Number.NaN }),
      ['Tools.run', 'timeout'],
    ],
    [
      'no description',
      createTools({ description: ' ' }),
      ['Tools.run', '@McpTool({ description })'],
    ],
    [
      'a scope that is none',
      createTools({ scopes: 'a"b' }),
      ['Tools.run', 'is not a scope'],
    ],
    [
      'a schema that is none',
      createTools({ input: z.array(z.string()) }),
      ['Tools.run'],
    ],
  ])('%s', async (_case, tools, parts) => {
    const failure = await boot({
      module: class AppModule {},
      imports: [
        KeycardModule.forRoot({
          zoneUrl: 'http://localhost:9',
          resourceUrl: 'http://localhost:8000/mcp',
          applicationCredential: new ClientSecret('id', 'secret'),
        }),
      ],
      providers: [tools],
    }).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure, 'the boot must fail').toBeInstanceOf(Error);
    for (const part of parts) expect(failure!.message).toContain(part);
  });
});
