import { Controller, Get, Injectable, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AccessContext,
  ClientSecret,
  Grant,
  KeycardModule,
  McpTool,
  Principal,
  RequireScopes,
  TokenExchangeService,
  type KeycardModuleOptions,
  type KeycardOptionsFactory,
} from 'nestjs-keycard';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { boot } from '../support/boot.js';
import { post, toolCall } from '../support/post.js';

const OPTIONS: KeycardModuleOptions = {
  zoneUrl: 'http://localhost:9',
  resourceUrl: 'http://localhost:8000/mcp',
  applicationCredential: new ClientSecret('id', 'secret'),
};
const RESOURCE = 'https://calendar.example.com';

function moduleWith(
  providers: unknown[],
  options: KeycardModuleOptions = OPTIONS,
  controllers: Type[] = [],
): Type {
  @Module({
    imports: [KeycardModule.forRoot(options)],
    providers: providers as Type[],
    controllers,
  })
  class AppModule {}
  return AppModule;
}

@Injectable()
class FirstTools {
  @McpTool({ description: 'For tests' })
  sameName() {
    return 1;
  }
}

@Injectable()
class SecondTools {
  @McpTool({ description: 'For tests', name: 'same_name' })
  other() {
    return 2;
  }
}

@Controller()
class ToolController {
  @McpTool({ description: 'For tests' })
  inController() {
    return 1;
  }
}

@Injectable()
class GrantTools {
  @McpTool({ description: 'For tests' })
  @Grant(RESOURCE)
  withoutAccess(principal: Principal) {
    return principal.subject;
  }
}

@Injectable()
class AccessTools {
  @McpTool({ description: 'For tests' })
  @Grant(RESOURCE)
  withAccess(access: AccessContext) {
    return access.getStatus();
  }
}

@Injectable()
class UntypedTools {
  @McpTool({ description: 'For tests' })
  untyped(input: { max: number }) {
    return input;
  }
}

@Injectable()
class AmbiguousTools {
  @McpTool({ description: 'For tests' })
  ambiguous(one: object, two: object) {
    return [one, two];
  }
}

@Injectable()
class BadNameTools {
  @McpTool({ description: 'For tests', name: 'with space' })
  bad() {
    return 1;
  }
}

@Injectable()
class TextSchemaTools {
  @McpTool({ description: 'For tests', input: z.string() })
  text(input: string) {
    return input;
  }
}

describe('mistakes in declarations stop the boot', () => {
  it.each<[string, Type, string[]]>([
    [
      'two tools of one name',
      moduleWith([FirstTools, SecondTools]),
      ['"same_name"', 'FirstTools.sameName', 'SecondTools.other', 'name'],
    ],
    [
      'a tool on a controller',
      moduleWith([], OPTIONS, [ToolController]),
      ['ToolController.inController', 'provider'],
    ],
    [
      'a grant without a place to receive it',
      moduleWith([GrantTools]),
      ['GrantTools.withoutAccess', '@Grant()', 'AccessContext'],
    ],
    [
      'a grant without a credential',
      moduleWith([AccessTools], {
        ...OPTIONS,
        applicationCredential: undefined,
      }),
      ['AccessTools.withAccess', 'applicationCredential', 'KEYCARD_CLIENT_ID'],
    ],
    [
      'an input of no known type',
      moduleWith([UntypedTools]),
      ['UntypedTools.untyped', '@McpTool({ input })'],
    ],
    [
      'parameters of which any could be the input',
      moduleWith([AmbiguousTools]),
      ['AmbiguousTools.ambiguous', '@McpInput()'],
    ],
    [
      'a name that is none',
      moduleWith([BadNameTools]),
      ['BadNameTools.bad', '"with space"'],
    ],
    [
      'a schema that is no object',
      moduleWith([TextSchemaTools]),
      ['TextSchemaTools.text'],
    ],
    [
      'no zone',
      moduleWith([], { ...OPTIONS, zoneUrl: '' }),
      [
        'zoneUrl',
        'KEYCARD_ZONE_URL',
        'KEYCARD_URL',
        'KEYCARD_ISSUER',
        'KEYCARD_ZONE_ID',
        'KEYCARD_BASE_URL',
      ],
    ],
    [
      'an insecure zone',
      moduleWith([], { ...OPTIONS, zoneUrl: 'http://zone.example.com' }),
      ['zoneUrl', 'https'],
    ],
    [
      'an insecure resource URL',
      moduleWith([], { ...OPTIONS, resourceUrl: 'http://mcp.example.com' }),
      ['resourceUrl', 'https'],
    ],
    [
      'a resource URL that is not canonical',
      moduleWith([], {
        ...OPTIONS,
        resourceUrl: 'https://MCP.example.com:443/mcp',
      }),
      ['resourceUrl', 'canonical'],
    ],
    [
      'a path that is none',
      moduleWith([], { ...OPTIONS, mcp: { path: 'mcp/' } }),
      ['mcp.path'],
    ],
    [
      'an algorithm that is symmetric',
      moduleWith([], { ...OPTIONS, tokens: { algorithms: ['HS256'] } }),
      ['tokens.algorithms', 'RS256'],
    ],
    [
      'a tolerance without end',
      moduleWith([], { ...OPTIONS, tokens: { clockTolerance: 3600 } }),
      ['tokens.clockTolerance'],
    ],
    [
      'an empty audience',
      moduleWith([], { ...OPTIONS, audience: [] }),
      ['audience'],
    ],
    [
      'a scope that is none',
      moduleWith([], { ...OPTIONS, requiredScopes: ['a"b'] }),
      ['is not a scope'],
    ],
  ])('%s', async (_case, module, parts) => {
    const failure = await boot(module).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure, 'the boot must fail').toBeInstanceOf(Error);
    for (const part of parts) expect(failure!.message).toContain(part);
  });

  it('a grant needs a resource', () => {
    expect(() => Grant([])).toThrow('@Grant() needs at least one resource');
    expect(() => Grant(' ')).toThrow('@Grant() needs at least one resource');
  });
});

@Injectable()
class OptionsService implements KeycardOptionsFactory {
  createKeycardOptions() {
    return Promise.resolve(OPTIONS);
  }
}

@Module({ providers: [OptionsService], exports: [OptionsService] })
class OptionsModule {}

describe('forRootAsync', () => {
  it.each([
    ['useFactory', { useFactory: () => OPTIONS }],
    ['an asynchronous useFactory', { useFactory: async () => OPTIONS }],
    ['useClass', { useClass: OptionsService }],
    ['useExisting', { imports: [OptionsModule], useExisting: OptionsService }],
  ])('takes options from %s', async (_case, options) => {
    @Module({
      imports: [KeycardModule.forRootAsync(options)],
      providers: [FirstTools],
    })
    class AppModule {}
    const application = await boot(AppModule);
    const answer = await post(
      `${(await application.getUrl()).replace('127.0.0.1', 'localhost')}/mcp`,
      toolCall('same_name'),
    );
    await application.close();
    expect(answer.status).toBe(401);
  });
});

it('an application without a server has what needs none', async () => {
  @Controller('route')
  class RouteController {
    @Get()
    @RequireScopes('scope')
    get() {}
  }
  const application = await NestFactory.createApplicationContext(
    moduleWith([FirstTools], OPTIONS, [RouteController]),
    { logger: false, abortOnError: false },
  );
  const exchange = application.get(TokenExchangeService);
  await application.close();
  expect(exchange).toBeInstanceOf(TokenExchangeService);
});
