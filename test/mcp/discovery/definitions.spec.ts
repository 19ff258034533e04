import { Injectable, type Type } from '@nestjs/common';
import {
  KeycardModule,
  McpCompletion,
  McpDefinitionError,
  McpPrompt,
  McpResource,
  McpResourceList,
  McpTool,
  type McpPromptOptions,
  type McpResourceOptions,
} from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { boot } from '../../support/boot.js';

function resource(options: Partial<McpResourceOptions>): Type {
  @Injectable()
  class Resources {
    @McpResource({ uri: 'a://b', ...options })
    read() {}
  }
  return Resources;
}

function prompt(options: McpPromptOptions): Type {
  @Injectable()
  class Prompts {
    @McpPrompt(options)
    get() {}
  }
  return Prompts;
}

function companion(
  declare: (target: string) => MethodDecorator,
  target = 'read',
  uri = 'a://{b}',
): Type {
  @Injectable()
  class Resources {
    @McpResource(uri)
    read() {}

    @McpPrompt()
    get() {}

    @declare(target)
    other() {}
  }
  return Resources;
}

@Injectable()
class InputWithoutVariables {
  @McpResource('a://b')
  read(_input: { b: string }) {}
}

@Injectable()
class PromptWithUnknownInput {
  @McpPrompt()
  get(_input: { b: string }) {}
}

@Injectable()
class TwoResources {
  @McpResource('a://b')
  one() {}

  @McpResource('a://b')
  two() {}
}

@Injectable()
class TwoPrompts {
  @McpPrompt({ name: 'a' })
  one() {}

  @McpPrompt({ name: 'a' })
  two() {}
}

@Injectable()
class TwoLists {
  @McpResource('a://{b}')
  read() {}

  @McpResourceList('read')
  one() {}

  @McpResourceList('read')
  two() {}
}

@Injectable()
class TwoCompletions {
  @McpResource('a://{b}')
  read() {}

  @McpCompletion('read', 'b')
  one() {}

  @McpCompletion('read', 'b')
  two() {}
}

const complete = (argument: string) => (target: string) =>
  McpCompletion(target, argument);

describe('mistakes that stop the boot', () => {
  it.each<[string, Type, string[]]>([
    ['a URI that is none', resource({ uri: 'b' }), ['Resources.read', '"b"']],
    ['an empty URI', resource({ uri: '' }), ['Resources.read']],
    [
      'a template without a scheme',
      resource({ uri: '/{b}' }),
      ['Resources.read', 'scheme'],
    ],
    [
      'a variable that comes twice',
      resource({ uri: 'a://{b}/{b}' }),
      ['Resources.read'],
    ],
    [
      'two variables in one expression',
      resource({ uri: 'a://{b,c}' }),
      ['Resources.read'],
    ],
    [
      'an expression that does not end',
      resource({ uri: 'a://{b}/{c' }),
      ['Resources.read'],
    ],
    [
      'a name that is none',
      resource({ name: 'a b' }),
      ['Resources.read', '"a b"'],
    ],
    [
      'a scope that is none',
      resource({ scopes: 'a"b' }),
      ['Resources.read', 'scope'],
    ],
    [
      'a timeout below zero',
      resource({ timeout: -1 }),
      ['Resources.read', 'timeout'],
    ],
    [
      'a time to live below zero',
      resource({ timeToLive: -1 }),
      ['Resources.read', 'timeToLive'],
    ],
    [
      'a time to live without an end',
      resource({ uri: 'a://{b}', timeToLive: Infinity }),
      ['Resources.read', 'timeToLive'],
    ],
    [
      'a size that is none',
      resource({ size: NaN }),
      ['Resources.read', 'size'],
    ],
    [
      'metadata that is not JSON',
      resource({ _meta: { 'example.test/size': 1n } }),
      ['Resources.read', '_meta'],
    ],
    [
      'an input without variables',
      InputWithoutVariables,
      ['InputWithoutVariables.read', 'URI template'],
    ],
    [
      'a schema without variables',
      resource({ input: z.object({}) }),
      ['Resources.read', 'URI template'],
    ],
    ['two resources of one URI', TwoResources, ['a://b', 'one', 'two']],
    ['two prompts of one name', TwoPrompts, ['"a"', 'one', 'two']],
    ['two lists of one template', TwoLists, ['TwoLists.two']],
    ['two completions of one variable', TwoCompletions, ['TwoCompletions.two']],
    [
      'a prompt whose input nobody described',
      PromptWithUnknownInput,
      ['PromptWithUnknownInput.get', '@McpPrompt({ input })'],
    ],
    [
      'a prompt that wants an object',
      prompt({ input: z.object({ a: z.object({}) }) }),
      ['Prompts.get', '"a"', 'strings'],
    ],
    [
      'a prompt that wants a list',
      prompt({ input: z.object({ a: z.array(z.string()) }) }),
      ['Prompts.get', '"a"', 'strings'],
    ],
    [
      'a list of a resource with one URI',
      companion(McpResourceList, 'read', 'a://b'),
      ['Resources.other', 'URI template'],
    ],
    [
      'a list of a prompt',
      companion(McpResourceList, 'get'),
      ['Resources.other'],
    ],
    [
      'a list of nothing',
      companion(McpResourceList, 'nobody'),
      ['Resources.other'],
    ],
    [
      'a completion of nothing',
      companion(complete('b'), 'nobody'),
      ['Resources.other'],
    ],
    [
      'a completion of an unknown variable',
      companion(complete('c')),
      ['Resources.other', '"c"', 'b'],
    ],
  ])('%s', async (_case, type, parts) => {
    const failure = await boot({
      module: class TestModule {},
      imports: [
        KeycardModule.forRoot({
          zoneUrl: 'https://zone.example.test',
          resourceUrl: 'https://mcp.example.test/mcp',
        }),
      ],
      providers: [type],
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(McpDefinitionError);
    for (const part of parts) expect(String(failure)).toContain(part);
  });

  it('a method with two declarations, as soon as it is read', () => {
    const declare = () => {
      class Both {
        @McpTool({ description: 'For tests' })
        @McpResource('a://b')
        run() {}
      }
      return Both;
    };
    expect(declare).toThrow(McpDefinitionError);
    expect(declare).toThrow('Both.run');
  });
});
