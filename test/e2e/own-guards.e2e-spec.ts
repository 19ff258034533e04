import {
  Catch,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  Injectable,
  Module,
  ParseIntPipe,
  Param,
  UseGuards,
  type ArgumentsHost,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import {
  CurrentPrincipal,
  KeycardAuthGuard,
  KeycardModule,
  McpTool,
  Principal,
  Protected,
  Public,
  RequireScopes,
  type TokenOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { bearer, toolCall } from '../support/post.js';
import { createProver, type Prover } from '../support/proof.js';
import { Watch } from '../support/watch.js';

const MCP = 'https://mcp.example.com/mcp';
const METADATA =
  'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';

let asked: (string | undefined)[] = [];

/** A policy as applications have it: it knows nothing of tools or routes. */
@Injectable()
class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const principal = Principal.of(context);
    asked.push(principal?.subject);
    if (principal?.claims['role'] === 'admin') return true;
    throw new ForbiddenException('Only for administrators');
  }
}

@Controller('route')
class RouteController {
  @Get('guarded/:id')
  @Protected()
  @UseGuards(AdminGuard)
  guarded(@Param('id', ParseIntPipe) id: number) {
    return { id };
  }

  @Get('listed')
  @UseGuards(KeycardAuthGuard)
  listed(@CurrentPrincipal() principal: Principal) {
    return { subject: principal.subject };
  }

  @Get('twice')
  @RequireScopes('a')
  @UseGuards(KeycardAuthGuard)
  twice(principal: Principal) {
    return { subject: principal.subject };
  }
}

class TenantGuard extends KeycardAuthGuard {}

@Controller('listed')
@UseGuards(TenantGuard)
class ListedController {
  @Get()
  listed(@CurrentPrincipal() principal: Principal) {
    return { subject: principal.subject };
  }

  @Get('public')
  @Public()
  open() {
    return {};
  }
}

@Injectable()
class Tools {
  @McpTool({ description: 'For tests', input: z.object({ id: z.number() }) })
  @UseGuards(AdminGuard)
  guarded(input: { id: number }) {
    return input;
  }
}

/** What is written for every application, and knows no challenge. */
@Catch()
class CatchAllFilter implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const status =
      exception instanceof HttpException ? exception.getStatus() : 500;
    this.adapterHost.httpAdapter.reply(
      host.switchToHttp().getResponse(),
      { ours: true },
      status,
    );
  }
}

interface Setting {
  readonly tokens?: TokenOptions;
  readonly providers?: Provider[];
  readonly configure?: (application: INestApplication) => void;
}

describe.each(ADAPTERS)('guards of one’s own on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let zone: LocalZone;
  let prover: Prover;

  beforeAll(async () => {
    zone = await LocalZone.create().start();
    prover = await createProver();
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(async () => {
    await zone.stop();
    watch.expectNoLeak();
  });

  async function start({ tokens, providers = [], configure }: Setting = {}) {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: MCP,
          tokens,
        }),
      ],
      controllers: [RouteController, ListedController],
      providers: [Tools, ...providers],
    })
    class AppModule {}
    const application = await boot(AppModule, {
      adapter: createAdapter(),
      logger: watch.logger,
      configure,
    });
    return { application, url: await application.getUrl() };
  }

  const tokenOf = async (claims: object) =>
    watch.keep(await zone.mint({ sub: 'usr_ada', aud: MCP, ...claims }));

  describe('decide over the caller', () => {
    let application: INestApplication;
    let url: string;

    beforeAll(async () => {
      ({ application, url } = await start());
    });
    afterAll(() => application.close());

    // The input is wrong each time: who may not call never learns it.
    const sendRoute = (token: string) =>
      watch.send(`${url}/route/guarded/x`, { headers: bearer(token) });
    const sendTool = (token: string) =>
      watch.post(`${url}/mcp`, toolCall('guarded', { id: 'x' }), {
        host: 'mcp.example.com',
        ...bearer(token),
      });

    it('of a route, before its input is looked at', async () => {
      const refused = await sendRoute(await tokenOf({ role: 'user' }));
      expect([refused.status, refused.json.message]).toEqual([
        403,
        'Only for administrators',
      ]);
      const letIn = await sendRoute(await tokenOf({ role: 'admin' }));
      expect(letIn.status).toBe(400);
      expect(asked).toEqual(['usr_ada', 'usr_ada']);
    });

    it('of a tool, before its input is looked at', async () => {
      const refused = await sendTool(await tokenOf({ role: 'user' }));
      expect(refused.json.result).toMatchObject({
        isError: true,
        content: [{ text: 'Only for administrators' }],
      });
      const letIn = await sendTool(await tokenOf({ role: 'admin' }));
      expect(letIn.json.result.isError).toBe(true);
      expect(letIn.json.result.content[0].text).toContain('id');
      expect(asked).toEqual(['usr_ada', 'usr_ada']);
    });

    it('and are not asked about nobody', async () => {
      const none = await watch.send(`${url}/route/guarded/1`);
      expect([none.status, asked]).toEqual([401, []]);
    });
  });

  it('that are ours protect what lists them', async () => {
    const { application, url } = await start();
    for (const path of ['/route/listed', '/listed']) {
      const none = await watch.send(url + path);
      const headers = bearer(await tokenOf({}));
      const letIn = await watch.send(url + path, { headers });
      expect([none.status, none.challenge, letIn.json]).toEqual([
        401,
        `Bearer ${METADATA}`,
        { subject: 'usr_ada' },
      ]);
    }
    const open = await watch.send(`${url}/listed/public`);
    await application.close();
    expect(open.status).toBe(200);
  });

  it('of the root module come after ours when they are listed after it', async () => {
    const { application, url } = await start({
      providers: [
        { provide: APP_GUARD, useExisting: KeycardAuthGuard },
        { provide: APP_GUARD, useClass: AdminGuard },
      ],
    });
    const token = await tokenOf({ role: 'admin', scope: 'a' });
    const letIn = await watch.send(`${url}/route/twice`, {
      headers: bearer(token),
    });
    const none = await watch.send(`${url}/route/twice`);
    await application.close();
    expect([letIn.status, none.status]).toEqual([200, 401]);
    expect(asked).toEqual(['usr_ada']);
  });

  it('may stand beside ours: a proof of possession is used once', async () => {
    const { application, url } = await start({ tokens: { dpop: true } });
    const path = '/route/twice';
    const cnf = { jkt: prover.thumbprint };
    const send = async (scope: string) => {
      const token = await tokenOf({ scope, cnf });
      const target = new URL(path, MCP).href;
      const proof = await prover.prove('GET', target, token);
      const headers = { authorization: `DPoP ${token}`, dpop: proof };
      const once = await watch.send(url + path, { headers });
      const again = await watch.send(url + path, { headers });
      return [once.status, again.status];
    };
    const [good, short] = [await send('a'), await send('b')];
    await application.close();
    expect(good).toEqual([200, 401]);
    expect(short).toEqual([403, 401]);
  });

  const CHALLENGES: [string, () => Promise<object>, number, string][] = [
    ['no token', async () => ({}), 401, `Bearer scope="a", ${METADATA}`],
    [
      'a wrong token',
      async () => bearer('wrong'),
      401,
      `Bearer error="invalid_token", error_description="The access token is expired, malformed, or not meant for this resource.", scope="a", ${METADATA}`,
    ],
    [
      'a scope too little',
      async () => bearer(await tokenOf({ scope: 'b' })),
      403,
      `Bearer error="insufficient_scope", error_description="The access token needs the scope a.", scope="a", ${METADATA}`,
    ],
  ];

  describe.each<[string, Setting, boolean]>([
    [
      'as APP_FILTER',
      { providers: [{ provide: APP_FILTER, useClass: CatchAllFilter }] },
      false,
    ],
    [
      'by useGlobalFilters',
      {
        configure: (application) =>
          application.useGlobalFilters(
            new CatchAllFilter(application.get(HttpAdapterHost)),
          ),
      },
      true,
    ],
  ])('a filter that catches all, %s', (_where, setting, writesTheBody) => {
    it.each(CHALLENGES)(
      'leaves the challenge to %s alone',
      async (_case, headersOf, status, challenge) => {
        const { application, url } = await start(setting);
        const answer = await watch.send(`${url}/route/twice`, {
          headers: { ...(await headersOf()) },
        });
        await application.close();
        expect([answer.status, answer.challenge]).toEqual([status, challenge]);
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(answer.json.ours).toBe(writesTheBody ? true : undefined);
      },
    );
  });
});
