import {
  Controller,
  Get,
  Module,
  Post,
  type ExecutionContext,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  AccessContext,
  ClientSecret,
  CurrentPrincipal,
  Grant,
  InsufficientScopeException,
  KeycardAuthGuard,
  KeycardModule,
  Principal,
  Protected,
  Public,
  RequireScopes,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { bearer } from '../support/post.js';
import { Watch } from '../support/watch.js';

const RESOURCE = 'https://api.example.com';
const METADATA = `resource_metadata="${RESOURCE}/.well-known/oauth-protected-resource"`;
const CALENDAR = 'https://calendar.example.com';
const SECRET = 'client-secret-value';

let runs: string[] = [];

@Controller('plain')
class PlainController {
  @Get()
  open(@CurrentPrincipal() principal?: Principal) {
    runs.push('plain');
    return { subject: principal?.subject ?? null };
  }

  @Get('locked')
  @Protected()
  locked(principal: Principal) {
    runs.push('plain/locked');
    return { subject: principal.subject };
  }

  @Get('scoped')
  @RequireScopes('a b')
  scoped() {
    runs.push('plain/scoped');
    return {};
  }

  @Post('depends')
  @RequireScopes('a')
  depends(principal: Principal) {
    runs.push('plain/depends');
    if (!principal.hasScopes('deep')) {
      throw new InsufficientScopeException('deep');
    }
    return {};
  }

  @Get('granted')
  @Grant(CALENDAR)
  granted(access: AccessContext, @CurrentPrincipal() principal: Principal) {
    runs.push('plain/granted');
    return { status: access.getStatus(), subject: principal.subject };
  }

  @Get('public-grant')
  @Public()
  @Grant(CALENDAR)
  publicGrant(access: AccessContext) {
    runs.push('plain/public-grant');
    return { status: access.getStatus() };
  }

  @Get('public')
  @Public()
  declaredPublic() {
    runs.push('plain/public');
    return {};
  }
}

@Controller('class')
@RequireScopes('class')
class ScopedController {
  @Get('method')
  @RequireScopes('method')
  method() {
    runs.push('class/method');
    return {};
  }

  @Get('bare')
  bare() {
    runs.push('class/bare');
    return {};
  }

  @Get('public')
  @Public()
  open() {
    runs.push('class/public');
    return {};
  }

  @Get('both')
  @Public()
  @Protected()
  both() {
    runs.push('class/both');
    return {};
  }
}

@Controller('inherited')
class InheritingController extends ScopedController {}

@Controller('open')
@Public()
class OpenController {
  @Get()
  open() {
    runs.push('open');
    return {};
  }

  @Get('locked')
  @Protected()
  locked() {
    runs.push('open/locked');
    return {};
  }
}

const CONTROLLERS = [
  PlainController,
  ScopedController,
  InheritingController,
  OpenController,
];

describe.each(ADAPTERS)('plain routes on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let zone: LocalZone;

  beforeAll(async () => {
    zone = await LocalZone.create()
      .user({ id: 'usr_ada' })
      .resource(RESOURCE, { scopes: ['a'], ownedBy: 'api' })
      .resource(CALENDAR, { scopes: ['events'] })
      .application('api', {
        clients: [{ clientId: 'api', clientSecret: SECRET }],
        dependsOn: [CALENDAR],
      })
      .start();
    watch.keep(SECRET);
  });
  beforeEach(() => {
    runs = [];
  });
  afterAll(async () => {
    await zone.stop();
    watch.expectNoLeak();
  });

  const start = async (
    options: KeycardModuleOptions = {},
    controllers: Type[] = CONTROLLERS,
    adapter: AbstractHttpAdapter = createAdapter(),
  ) => {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: RESOURCE,
          applicationCredential: new ClientSecret('api', SECRET),
          ...options,
        }),
      ],
      controllers,
    })
    class AppModule {}
    const application = await boot(AppModule, {
      adapter,
      logger: watch.logger,
    });
    return { application, url: await application.getUrl() };
  };

  const tokenWith = async (scope = '') =>
    watch.keep(await zone.mint({ sub: 'usr_ada', aud: RESOURCE, scope }));

  const OPEN = ['plain', 'plain/public', 'class/public', 'open'];
  const LOCKED = [
    'plain/locked',
    'plain/granted',
    'plain/public-grant',
    'open/locked',
  ];
  const SCOPED: [string, string][] = [
    ['plain/scoped', 'a b'],
    ['class/method', 'method class'],
    ['class/bare', 'class'],
    ['class/both', 'class'],
    ['inherited/method', 'method class'],
    ['inherited/bare', 'class'],
  ];

  describe('that say so are protected', () => {
    let application: INestApplication;
    let url: string;

    beforeAll(async () => {
      ({ application, url } = await start());
    });
    afterAll(() => application.close());

    it.each(OPEN)('/%s stays open', async (path) => {
      const answer = await watch.send(`${url}/${path}`);
      expect([answer.status, runs]).toEqual([200, [path]]);
      // A token nobody asked for is not looked at.
      const other = await watch.send(`${url}/${path}`, {
        headers: { authorization: 'Basic x' },
      });
      expect(other.status).toBe(200);
    });

    it.each(LOCKED)('/%s needs a token', async (path) => {
      const none = await watch.send(`${url}/${path}`);
      expect([none.status, none.challenge]).toEqual([
        401,
        `Bearer ${METADATA}`,
      ]);
      expect(none.json).toEqual({
        error: 'unauthorized',
        error_description: `This resource needs an access token. ${RESOURCE}/.well-known/oauth-protected-resource says where to get one.`,
      });
      const wrong = await watch.send(`${url}/${path}`, {
        headers: bearer('wrong'),
      });
      expect([wrong.status, wrong.json.error]).toEqual([401, 'invalid_token']);
      expect(runs).toEqual([]);
      const right = await watch.send(`${url}/${path}`, {
        headers: bearer(await tokenWith()),
      });
      expect([right.status, runs]).toEqual([200, [path]]);
    });

    it.each(SCOPED)('/%s needs the scopes %s', async (path, scope) => {
      const none = await watch.send(`${url}/${path}`);
      expect([none.status, none.challenge]).toEqual([
        401,
        `Bearer scope="${scope}", ${METADATA}`,
      ]);
      const [part] = scope.split(' ');
      const held = scope === part ? 'other' : part;
      const short = await watch.send(`${url}/${path}`, {
        headers: bearer(await tokenWith(held)),
      });
      expect([short.status, short.json.error]).toEqual([
        403,
        'insufficient_scope',
      ]);
      const noun = scope === part ? 'scope' : 'scopes';
      expect(short.challenge).toBe(
        `Bearer error="insufficient_scope", error_description="The access token needs the ${noun} ${scope}.", scope="${scope}", ${METADATA}`,
      );
      expect(runs).toEqual([]);
      const enough = await watch.send(`${url}/${path}`, {
        headers: bearer(await tokenWith(scope)),
      });
      expect([enough.status, runs.length]).toEqual([200, 1]);
    });

    it('gives the caller by type and by decorator', async () => {
      const token = await tokenWith();
      const headers = bearer(token);
      const locked = await watch.send(`${url}/plain/locked`, { headers });
      expect(locked.json).toEqual({ subject: 'usr_ada' });
      const granted = await watch.send(`${url}/plain/granted`, { headers });
      expect(granted.json.subject).toBe('usr_ada');
      // On a route that nobody protected there is no caller, token or not.
      const open = await watch.send(`${url}/plain`, { headers });
      expect(open.json).toEqual({ subject: null });
    });

    it('exchanges the token of the caller', async () => {
      const { accessToken } = await zone.login('usr_ada');
      const headers = bearer(watch.keep(accessToken));
      const answer = await watch.send(`${url}/plain/granted`, { headers });
      expect(answer.json).toEqual({ status: 'success', subject: 'usr_ada' });
    });

    const sendDeep = async (scope: string) =>
      watch.send(`${url}/plain/depends`, {
        method: 'POST',
        headers: bearer(await tokenWith(scope)),
      });

    it('completes a refusal that a handler throws', async () => {
      const short = await sendDeep('a');
      expect([short.status, short.json]).toEqual([
        403,
        {
          error: 'insufficient_scope',
          error_description: 'The access token needs the scopes a deep.',
        },
      ]);
      expect(short.challenge).toBe(
        `Bearer error="insufficient_scope", error_description="The access token needs the scopes a deep.", scope="a deep", ${METADATA}`,
      );
      expect(short.headers['cache-control']).toBe('no-store');
      expect((await sendDeep('a deep')).status).toBe(201);
    });

    it('never believes what others wrote into the request', async () => {
      const headers = { 'x-user': 'usr_ada', 'x-forwarded-user': 'usr_ada' };
      const answer = await watch.send(`${url}/plain/locked`, { headers });
      expect(answer.status).toBe(401);
    });
  });

  describe('are all protected with protect: all', () => {
    let application: INestApplication;
    let url: string;

    beforeAll(async () => {
      ({ application, url } = await start({
        protect: 'all',
        requiredScopes: 'base',
      }));
    });
    afterAll(() => application.close());

    it.each(['plain/public', 'class/public', 'open'])(
      '/%s stays open',
      async (path) => {
        const answer = await watch.send(`${url}/${path}`);
        expect([answer.status, runs]).toEqual([200, [path]]);
      },
    );

    it.each(['plain', ...LOCKED])('/%s needs a token', async (path) => {
      const none = await watch.send(`${url}/${path}`);
      expect([none.status, none.challenge]).toEqual([
        401,
        `Bearer scope="base", ${METADATA}`,
      ]);
      const short = await watch.send(`${url}/${path}`, {
        headers: bearer(await tokenWith()),
      });
      expect([short.status, runs]).toEqual([403, []]);
      const right = await watch.send(`${url}/${path}`, {
        headers: bearer(await tokenWith('base')),
      });
      expect([right.status, runs]).toEqual([200, [path]]);
    });

    it('still answers discovery to everybody', async () => {
      const answer = await watch.send(
        `${url}/.well-known/oauth-protected-resource`,
      );
      expect(answer.status).toBe(200);
    });
  });

  it('challengeScopes: union asks for what the token has, too', async () => {
    const { application, url } = await start({ challengeScopes: 'union' });
    const headers = bearer(await tokenWith('a x offline_access'));
    const declared = await watch.send(`${url}/class/method`, { headers });
    const thrown = await watch.send(`${url}/plain/depends`, {
      method: 'POST',
      headers,
    });
    await application.close();
    expect(declared.challenge).toContain('scope="a x method class"');
    expect(thrown.challenge).toContain('scope="a x deep"');
    // RFC 6749: refresh tokens are between the client and the zone.
    expect(declared.challenge).not.toMatch(/scope="[^"]*offline_access/);
  });

  it('scopeHierarchy lets broader scopes in', async () => {
    const { application, url } = await start({
      scopeHierarchy: (granted, needed) =>
        granted.includes('root') || granted.includes(needed),
    });
    const send = async (scope: string) => {
      const headers = bearer(await tokenWith(scope));
      return (await watch.send(`${url}/class/method`, { headers })).status;
    };
    const statuses = [
      await send('root'),
      await send('class method'),
      await send('class'),
    ];
    await application.close();
    expect(statuses).toEqual([200, 200, 403]);
  });

  it('a guard of one’s own stands in place of ours', async () => {
    class TenantGuard extends KeycardAuthGuard {
      protected override getRequest(context: ExecutionContext) {
        runs.push('guard');
        return super.getRequest(context);
      }
    }
    const { application, url } = await start({ guard: TenantGuard });
    const answer = await watch.send(`${url}/plain/locked`);
    const guard: unknown = application.get(KeycardAuthGuard);
    await application.close();
    expect([answer.status, runs]).toEqual([401, ['guard']]);
    expect(guard).toBeInstanceOf(TenantGuard);
  });

  it('a grant without a place to receive it stops the boot', async () => {
    @Controller()
    class GrantController {
      @Get()
      @Grant(CALENDAR)
      list() {
        return {};
      }
    }
    await expect(start({}, [GrantController])).rejects.toThrow(
      /GrantController\.list.*AccessContext/,
    );
  });

  it('a grant without a credential stops the boot', async () => {
    await expect(start({ applicationCredential: undefined })).rejects.toThrow(
      /PlainController\.\w+.*applicationCredential/,
    );
  });

  it('a scope that is none stops the boot', () => {
    expect(() => RequireScopes('a"b')(class {})).toThrow('is not a scope');
  });
});
