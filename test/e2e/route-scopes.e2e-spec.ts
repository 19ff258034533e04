import {
  Controller,
  Get,
  Module,
  RequestMethod,
  Version,
  VERSION_NEUTRAL,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import {
  ClientSecret,
  KeycardModule,
  Protected,
  Public,
  RequireScopes,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { afterEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';

const HOST = 'https://api.example.com';
const ZONE = 'http://localhost:9';

@Controller('plain')
@RequireScopes('plain')
class PlainController {
  @Get()
  @RequireScopes('plain:list')
  list() {}

  @Get('open')
  @Public()
  @RequireScopes()
  locked() {}

  helper() {}
}

@Controller('open')
@RequireScopes('never-needed')
class OpenController {
  @Get()
  @Public()
  list() {}
}

@Controller(['first', 'second'])
class ManyController {
  @Get(['a', 'b/:id'])
  @RequireScopes('many')
  list() {}
}

@Controller('inner')
class InnerController {
  @Get()
  @RequireScopes('inner')
  list() {}

  @Get('unscoped')
  @Protected()
  unscoped() {}
}

@Module({ controllers: [InnerController] })
class InnerModule {}

@Controller('versioned')
class VersionedController {
  @Get()
  @Version(['2', VERSION_NEUTRAL])
  @RequireScopes('versioned')
  list() {}
}

@Controller('excluded')
class ExcludedController {
  @Get()
  @RequireScopes('excluded')
  list() {}
}

const CONTROLLERS = [
  PlainController,
  OpenController,
  ManyController,
  VersionedController,
  ExcludedController,
];

const OWN_SCOPES = ['plain', 'plain:list'];

interface Case {
  readonly configure?: (application: INestApplication) => void;
  /** Path of an area, and the scopes that must be published for it. */
  readonly areas: Record<string, readonly string[] | undefined>;
}

const CASES: [string, Case][] = [
  [
    'as they are',
    {
      areas: {
        '/first': ['many'],
        '/second/b': ['many'],
        '/outer': ['inner'],
        '/versioned': ['versioned'],
        '/excluded': ['excluded'],
        '/open': undefined,
        '/outer/inner/unscoped': undefined,
      },
    },
  ],
  [
    'with a global prefix, and an exception to it',
    {
      configure: (application) =>
        application.setGlobalPrefix('api', {
          exclude: [{ path: 'excluded', method: RequestMethod.GET }],
        }),
      areas: {
        '/api/first/a': ['many'],
        '/second': undefined,
        '/api/outer/inner': ['inner'],
        '/excluded': ['excluded'],
        '/api/excluded': undefined,
      },
    },
  ],
  [
    'with versions in the path',
    {
      configure: (application) =>
        application.setGlobalPrefix('api').enableVersioning({
          type: VersioningType.URI,
          defaultVersion: '1',
        }),
      areas: {
        '/api/v1/first': ['many'],
        '/api/v1/outer': ['inner'],
        '/api/v2/versioned': ['versioned'],
        '/api/versioned': ['versioned'],
        '/api/v1/versioned': undefined,
        '/api/first': undefined,
      },
    },
  ],
];

describe.each(ADAPTERS)('scopes of routes on %s', (_name, createAdapter) => {
  let application: INestApplication;
  afterEach(() => application.close());

  async function start(
    { configure, areas }: Case,
    options: KeycardModuleOptions = {},
  ) {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: ZONE,
          resourceUrl: `${HOST}/own`,
          mcp: false,
          ...options,
        }),
        ...Object.keys(areas).map((path) =>
          KeycardModule.forFeature({ resourceUrl: HOST + path }),
        ),
        InnerModule,
        RouterModule.register([{ path: 'outer', module: InnerModule }]),
      ],
      controllers: CONTROLLERS,
    })
    class AppModule {}
    application = await boot(AppModule, {
      adapter: createAdapter(),
      configure,
    });
    const url = await application.getUrl();
    return async (path: string) => {
      const response = await fetch(
        `${url}/.well-known/oauth-protected-resource${path}`,
      );
      const { scopes_supported: scopes } = (await response.json()) as {
        scopes_supported?: string[];
      };
      return scopes;
    };
  }

  it.each(CASES)(
    'are published where the routes are, %s',
    async (_, setting) => {
      const published = await start(setting);
      for (const [path, scopes] of Object.entries(setting.areas)) {
        expect([path, await published(path)]).toEqual([path, scopes]);
      }
      const own = await published('/own');
      expect(own).toEqual(expect.arrayContaining(OWN_SCOPES));
      // Nobody needs these, so nobody should ask for them.
      expect(own).not.toContain('never-needed');
    },
  );

  it('are all those of the only resource, and of the options', async () => {
    const published = await start(
      { areas: {} },
      { scopesSupported: 'extra offline_access', requiredScopes: 'base' },
    );
    expect(await published('')).toEqual([
      'base',
      'excluded',
      'extra',
      'inner',
      'many',
      'plain',
      'plain:list',
      'versioned',
    ]);
  });

  it('belong to the resource in every zone', async () => {
    @Controller(':zone/notes')
    class NotesController {
      @Get()
      @RequireScopes('notes:read')
      list() {}
    }
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: ZONE,
          resourceUrl: `${HOST}/own`,
          mcp: false,
          applicationCredential: new ClientSecret({
            'http://a.localhost:9': ['id', 'secret'],
          }),
        }),
        KeycardModule.forFeature({ resourceUrl: `${HOST}/notes` }),
      ],
      controllers: [NotesController],
    })
    class AppModule {}
    application = await boot(AppModule, { adapter: createAdapter() });
    const base = `${await application.getUrl()}/.well-known/oauth-protected-resource`;
    const documents = await Promise.all(
      ['/a/notes', '/a/own'].map(async (path) => {
        const response = await fetch(base + path);
        return (await response.json()) as Record<string, unknown>;
      }),
    );
    expect(documents.map((one) => one['scopes_supported'])).toEqual([
      ['notes:read'],
      undefined,
    ]);
  });
});
