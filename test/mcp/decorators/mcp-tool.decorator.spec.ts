import { Injectable, type Type } from '@nestjs/common';
import {
  ClientSecret,
  KeycardModule,
  McpDefinitionError,
  McpTool,
  ToolInput,
} from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toolOptionsOf } from '../../../lib/mcp/decorators/mcp-tool.decorator.js';
import { boot } from '../../support/boot.js';

describe('@McpTool', () => {
  it('is known of the method, and of nothing else', () => {
    class Tools {
      @McpTool({ name: 'one' })
      one() {}
      two() {}
    }
    const { one, two } = Object.getOwnPropertyDescriptors(Tools.prototype);
    expect(toolOptionsOf(one.value)).toEqual({ name: 'one' });
    for (const other of [two.value, Tools, undefined, 'one', {}]) {
      expect(toolOptionsOf(other)).toBeUndefined();
    }
  });

  it.each<[string, string, () => unknown]>([
    [
      'a static method',
      'Tools.run',
      () => {
        class Tools {
          @McpTool()
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
          @(McpTool() as PropertyDecorator)
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
          @McpTool()
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
          @McpTool()
          [Symbol('run')]() {}
        }
        return Tools;
      },
    ],
    [
      'a class',
      'Tools',
      () => {
        @(McpTool() as ClassDecorator)
        class Tools {}
        return Tools;
      },
    ],
  ])('is refused on %s', (_case, place, declare) => {
    expect(declare).toThrow(McpDefinitionError);
    expect(declare).toThrow(`@McpTool() on ${place} has no effect`);
  });
});

function createTools(options: Parameters<typeof McpTool>[0]) {
  @Injectable()
  class Tools {
    @McpTool(options)
    run() {}
  }
  return Tools;
}

describe('mistakes that stop the boot', () => {
  @Injectable()
  class PropertyTools {
    @McpTool()
    run(@ToolInput('max') max: number) {
      return max;
    }
  }

  it.each<[string, Type, string[]]>([
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
      'a scope that is none',
      createTools({ scopes: 'a"b' }),
      ['Tools.run', 'is not a scope'],
    ],
    [
      'a schema that is none',
      createTools({ input: z.array(z.string()) as never }),
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
