import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client';
import {
  Controller,
  Injectable,
  Post,
  Req,
  Res,
  UseGuards,
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
} from '@nestjs/common';
import {
  InsufficientScopeException,
  Protected,
  TokenExchangeService,
} from 'nestjs-keycard';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { callTool, connectWithToken, textOf } from '../support/mcp-client.js';
import {
  createBothErasV2,
  createSessionsV1,
  createStatelessV1,
  OWN_ENDPOINTS,
} from '../support/own-server/own-endpoints.js';
import {
  serve,
  startOwnWorld,
  type OwnParts,
  type OwnPlace,
  type OwnWorld,
} from '../support/own-server/own-world.js';
import { bearer, request, toolCall } from '../support/post.js';

const PLACES: [string, OwnPlace][] = [
  ['the resource of the application', {}],
  ['one of several resources', { isFeature: true }],
  ['the resource of the application, below a prefix', { prefix: 'api' }],
  ['one of several, below a prefix', { isFeature: true, prefix: 'api' }],
];

const challengeOf = (world: OwnWorld, parameters: string) =>
  `Bearer ${parameters}, resource_metadata="${world.metadataUrl}"`;

const CREATE = toolCall('create_event', { title: 'Party' });
const SCOPES = 'mcp:tools calendar:write';
const MISSING = `error="insufficient_scope", error_description="The access token needs the scopes ${SCOPES}.", scope="${SCOPES}"`;

describe.each(ADAPTERS)('an MCP endpoint of their own on %s', (_n, adapter) => {
  let world: OwnWorld;

  afterEach(() => {
    // What tools are given is written to logs.
    const given = world.tools.given.splice(0).join('\n');
    expect(given).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
    world.tools.runs.length = 0;
  });
  afterAll(() => world.watch.expectNoLeak());

  describe.each(PLACES)('%s', (_place, place) => {
    beforeAll(async () => {
      world = await startOwnWorld(adapter, createStatelessV1, place);
    });
    afterAll(() => world.stop());

    it('has its metadata at its well-known place', async () => {
      const { status, json } = await world.watch.send(world.metadataUrl);
      expect(status).toBe(200);
      expect(json).toMatchObject({
        resource: world.url,
        scopes_supported: ['calendar:write', 'mcp:tools'],
      });
    });

    it('is the only MCP endpoint of the application', async () => {
      const { status } = await world.watch.post(
        `${world.origin}/mcp`,
        request('tools/list'),
        bearer(await world.token('mcp:tools')),
      );
      expect(status).toBe(404);
    });

    it('refuses whoever has no token', async () => {
      for (const method of ['POST', 'GET', 'DELETE']) {
        const { status, challenge } = await world.watch.send(world.url, {
          method,
        });
        expect([status, challenge]).toEqual([
          401,
          challengeOf(world, 'scope="mcp:tools"'),
        ]);
      }
      expect(world.tools.runs).toEqual([]);
    });

    it('refuses a token for another resource', async () => {
      const { status, challenge } = await world.watch.post(
        world.url,
        toolCall('whoami'),
        bearer(await world.foreignToken()),
      );
      expect(status).toBe(401);
      expect(challenge).toContain('error="invalid_token"');
      expect(challenge).toContain(`"${world.metadataUrl}"`);
      expect(world.tools.runs).toEqual([]);
    });

    it.each<[string, unknown]>([
      ['alone', CREATE],
      ['in a batch', [request('ping'), CREATE]],
      ['in a batch of one', [CREATE]],
      ['as a notification', { ...CREATE, id: undefined }],
    ])('asks for the scope of a tool called %s', async (_case, message) => {
      const { status, challenge } = await world.watch.post(
        world.url,
        message,
        bearer(await world.token('mcp:tools')),
      );
      expect([status, challenge]).toEqual([403, challengeOf(world, MISSING)]);
      expect(world.tools.runs).toEqual([]);
    });

    it.each([
      'text/plain; a=application/json',
      'application/x-json; application/json',
    ])('lets no body through as %s that it cannot read', async (type) => {
      const { status } = await world.watch.post(world.url, CREATE, {
        ...bearer(await world.token('mcp:tools')),
        'content-type': type,
      });
      expect(status).toBe(415);
      expect(world.tools.runs).toEqual([]);
    });

    it('serves who has the scopes, as who they are', async () => {
      const client = await connectWithToken(
        world.url,
        await world.token(SCOPES),
      );
      const created = await callTool(client, 'create_event', { title: 'Tea' });
      const who = await callTool(client, 'whoami');
      await client.close();
      expect(textOf(created)).toBe('{"created":"Tea"}');
      expect(JSON.parse(textOf(who))).toEqual({
        token: '',
        clientId: expect.any(String),
        scopes: SCOPES.split(' '),
        resource: world.url,
        resourceMetadataUrl: world.metadataUrl,
        subject: 'usr_ada',
        isCurrent: true,
        sameCaller: true,
      });
    });
  });

  describe.each(OWN_ENDPOINTS)('with the SDK of %s', (_sdk, create) => {
    beforeAll(async () => {
      world = await startOwnWorld(adapter, create);
    });
    afterAll(() => world.stop());
    beforeEach(() => {
      world.callers.length = 0;
    });

    it('knows each caller, and calls the API in their name', async () => {
      const [ada, bob] = await Promise.all(
        ['usr_ada', 'usr_bob'].map(async (user) =>
          connectWithToken(world.url, await world.token('mcp:tools', user)),
        ),
      );
      const names = await Promise.all(
        [ada!, bob!].map(
          async (client) =>
            JSON.parse(textOf(await callTool(client, 'whoami'))).subject,
        ),
      );
      const events = await callTool(ada!, 'list_events');
      const refused = await callTool(bob!, 'list_events');
      await Promise.all([ada!.close(), bob!.close()]);

      expect(names).toEqual(['usr_ada', 'usr_bob']);
      expect(textOf(events)).toBe('{"events":["of usr_ada"]}');
      expect(world.callers).toMatchObject([
        { subject: 'usr_ada', audience: [world.calendar] },
      ]);
      // Bob has not connected his calendar.
      expect(refused.isError).toBe(true);
      expect(textOf(refused)).toContain('No access to');
    });

    it('answers 403 before the SDK sees the call', async () => {
      const token = await world.token('mcp:tools');
      const client = await connectWithToken(world.url, token);
      await expect(
        callTool(client, 'create_event', { title: 'Tea' }),
      ).rejects.toThrow(/insufficient_scope/);
      await client.close();
      expect(world.tools.runs).toEqual([]);
    });
  });

  describe('with the SDK of version 2', () => {
    beforeAll(async () => {
      world = await startOwnWorld(adapter, createBothErasV2);
    });
    afterAll(() => world.stop());

    it('serves revision 2026-07-28', async () => {
      const client = new ClientV2(
        { name: 'test', version: '1.0.0' },
        { versionNegotiation: { mode: { pin: '2026-07-28' } } },
      );
      await client.connect(
        new TransportV2(new URL(world.url), {
          requestInit: { headers: bearer(await world.token('mcp:tools')) },
        }),
      );
      const events = await client.callTool({ name: 'list_events' });
      await expect(
        client.callTool({ name: 'create_event', arguments: { title: 'Tea' } }),
      ).rejects.toThrow(/scope/);
      await client.close();
      expect(textOf(events as never)).toBe('{"events":["of usr_ada"]}');
      expect(world.tools.runs).toEqual(['list_events']);
    });
  });

  describe('with a guard of theirs', () => {
    @Injectable()
    class EventGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        const call = context.switchToHttp().getRequest<{ body: any }>();
        if (call.body.params?.name !== 'create_event') return true;
        throw new InsufficientScopeException(['calendar:write']);
      }
    }

    const createModule = (parts: OwnParts): DynamicModule => {
      @Controller('own/mcp')
      @Protected()
      @UseGuards(EventGuard)
      class GuardedController {
        constructor(private readonly exchange: TokenExchangeService) {}

        @Post()
        serve(@Req() request: object, @Res() response: object) {
          const endpoint = parts.open(this.exchange);
          return serve(endpoint, request, response);
        }
      }
      return {
        module: class GuardedModule {},
        imports: [...parts.keycard],
        controllers: [GuardedController],
      };
    };

    beforeAll(async () => {
      world = await startOwnWorld(adapter, createStatelessV1, { createModule });
    });
    afterAll(() => world.stop());

    it('asks for the scope that guard names', async () => {
      const token = await world.token('mcp:tools');
      const send = (message: object) =>
        world.watch.post(world.url, message, bearer(token));
      const { status, challenge } = await send(CREATE);
      expect([status, challenge]).toEqual([403, challengeOf(world, MISSING)]);
      expect((await send(toolCall('whoami'))).status).toBe(200);
      expect(world.tools.runs).toEqual(['whoami']);
    });
  });

  describe('in sessions', () => {
    beforeAll(async () => {
      world = await startOwnWorld(adapter, createSessionsV1);
    });
    afterAll(() => world.stop());

    it('knows who sent a request before any SDK does', async () => {
      const open = await world.watch.post(
        world.url,
        request('initialize', {
          protocolVersion: '2025-11-25',
          capabilities: {},
          clientInfo: { name: 'test', version: '1.0.0' },
        }),
        bearer(await world.token('mcp:tools')),
      );
      const session = { 'mcp-session-id': open.headers['mcp-session-id'] };
      const call = async (user: string) =>
        world.watch.post(world.url, toolCall('whoami'), {
          ...bearer(await world.token('mcp:tools', user)),
          ...(session as Record<string, string>),
        });
      expect((await call('usr_ada')).status).toBe(200);
      expect((await call('usr_bob')).status).toBe(404);
      expect(world.tools.runs).toEqual(['whoami']);
    });
  });
});
