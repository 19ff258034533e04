import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import type { INestApplication } from '@nestjs/common';
import { Inject, Injectable, Module } from '@nestjs/common';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ElicitRequestSchema,
  ElicitResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { Keyv } from 'keyv';
import { KeycardModule, McpContext, McpTool, Principal } from 'nestjs-keycard';
import type { SessionOptions } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallContext } from '../../lib/mcp/transport/call-context.js';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { BreakingProxy } from '../support/breaking-proxy.js';
import { bearer, request, toolCall } from '../support/post.js';
import { Watch } from '../support/watch.js';

// Requests may come by any loopback host then.
const MCP = 'http://localhost:3000/mcp';
const ADA = { sub: 'usr_ada', client_id: 'desktop' };
const BOB = { sub: 'usr_bob', client_id: 'desktop' };
const SECRET = 'sessions-of-all-replicas-are-sealed-with-this';
const OTHER = 'sessions-of-a-stranger-are-sealed-with-this-one';
const INFO = { name: 'test', version: '1' };
const INITIALIZE = request('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: INFO,
});

@Injectable()
class Tools {
  constructor(@Inject('REPLICA') private readonly replica: number) {}

  @McpTool({ description: 'For tests' })
  whoami({ subject }: Principal) {
    return { subject, replica: this.replica };
  }

  @McpTool({ description: 'For tests' })
  async ask(context: McpContext) {
    const call = context as unknown as CallContext;
    const requestedSchema = { type: 'object' as const, properties: {} };
    const { action } = await call.sendRequest(
      {
        method: 'elicitation/create',
        params: { message: 'Sure?', requestedSchema },
      },
      ElicitResultSchema,
    );
    return { action };
  }

  @McpTool({ description: 'For tests' })
  async travel(context: McpContext) {
    const isReleased = context.releaseStream();
    await context.log('info', 'on the way');
    return { isReleased };
  }
}

describe.each(ADAPTERS)('replicas on %s', (_name, createAdapter) => {
  const watch = new Watch();
  const revocations = new Keyv();
  const applications: INestApplication[] = [];
  const urls: string[] = [];
  let zone: LocalZone;
  let alternating: BreakingProxy;
  let everywhere: URL;

  async function replica(sessions: SessionOptions | false): Promise<string> {
    @Module({
      imports: [
        KeycardModule.forRoot({
          zoneUrl: zone.issuer,
          resourceUrl: MCP,
          mcp: { sessions },
        }),
      ],
      providers: [Tools, { provide: 'REPLICA', useValue: applications.length }],
    })
    class AppModule {}
    const application = await boot(AppModule, {
      adapter: createAdapter(),
      logger: watch.logger,
    });
    applications.push(application);
    return `${await application.getUrl()}/mcp`;
  }

  beforeAll(async () => {
    zone = await LocalZone.create().start();
    const shared = { secret: SECRET, revocations };
    urls.push(await replica(shared), await replica(shared));
    alternating = new BreakingProxy(
      urls.map((url) => Number(new URL(url).port)),
    );
    everywhere = new URL(`http://127.0.0.1:${await alternating.start()}/mcp`);
  });
  afterAll(async () => {
    await alternating.stop();
    for (const application of applications) await application.close();
    await zone.stop();
    watch.expectNoLeak();
  });

  const tokenOf = async (claims: object = ADA) =>
    watch.keep(await zone.mint({ aud: MCP, ...claims }));

  const headersOf = async (claims: object, id?: string) => ({
    ...bearer(await tokenOf(claims)),
    ...(id !== undefined && { 'mcp-session-id': id }),
  });

  const open = async (url: string): Promise<string> => {
    const { headers } = await watch.post(url, INITIALIZE, await headersOf(ADA));
    return headers['mcp-session-id'] as string;
  };

  const statusesAt = async (url: string, headers: Record<string, string>) => [
    (await watch.post(url, toolCall('whoami'), headers)).status,
    (
      await watch.send(url, {
        headers: {
          ...headers,
          accept: 'text/event-stream',
          'last-event-id': 'none',
        },
      })
    ).status,
    (await watch.send(url, { method: 'DELETE', headers })).status,
  ];

  const expectBoth = (answers: readonly unknown[]) => {
    const told = answers as { subject: string; replica: number }[];
    expect(told.map(({ subject }) => subject)).toEqual(
      told.map(() => 'usr_ada'),
    );
    expect(new Set(told.map(({ replica: served }) => served))).toEqual(
      new Set([0, 1]),
    );
  };

  /** A connection for every request, so that the next one is elsewhere. */
  const transportOptions = async () => {
    const fresh: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('connection', 'close');
      return fetch(input, { ...init, headers });
    };
    return {
      fetch: fresh,
      requestInit: { headers: bearer(await tokenOf()) },
      reconnectionOptions: {
        initialReconnectionDelay: 10,
        maxReconnectionDelay: 20,
        reconnectionDelayGrowFactor: 1,
        maxRetries: 100,
      },
    };
  };

  it('serve the session of a client in turn: v1', async () => {
    const client = new Client(INFO);
    await client.connect(
      new StreamableHTTPClientTransport(everywhere, await transportOptions()),
    );
    const answers: unknown[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      const { structuredContent } = await client.callTool({ name: 'whoami' });
      answers.push(structuredContent);
    }
    expectBoth(answers);
    await client.close();
  });

  it('serve the session of a client in turn: v2', async () => {
    const client = new ModernClient(INFO);
    await client.connect(
      new ModernTransport(everywhere, await transportOptions()),
    );
    const answers: unknown[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      const { structuredContent } = await client.callTool({ name: 'whoami' });
      answers.push(structuredContent);
    }
    expectBoth(answers);
    await client.close();
  });

  it('ask the client of a session that came from another one', async () => {
    let url = urls[0]!;
    const client = new Client(INFO, {
      capabilities: { elicitation: { form: {} } },
    });
    client.setRequestHandler(ElicitRequestSchema, () => ({
      action: 'accept' as const,
      content: {},
    }));
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      ...(await transportOptions()),
      fetch: (_url, init) => fetch(url, init),
    });
    await client.connect(transport);
    const actions = [];
    for (const next of [0, 1, 0, 1]) {
      url = urls[next]!;
      const { structuredContent } = await client.callTool({ name: 'ask' });
      actions.push(structuredContent);
    }

    expect(actions).toEqual(actions.map(() => ({ action: 'accept' })));
    expect(actions).toHaveLength(4);
    await client.close();
  });

  it.each(['v1', 'v2'])('let %s come back for a call', async (version) => {
    const url = new URL(urls[0]!);
    const options = await transportOptions();
    const call =
      version === 'v1'
        ? await (async () => {
            const client = new Client(INFO);
            await client.connect(
              new StreamableHTTPClientTransport(url, options),
            );
            return { client, result: client.callTool({ name: 'travel' }) };
          })()
        : await (async () => {
            const client = new ModernClient(INFO);
            await client.connect(new ModernTransport(url, options));
            return { client, result: client.callTool({ name: 'travel' }) };
          })();

    expect((await call.result).structuredContent).toEqual({ isReleased: true });
    await call.client.close();
  });

  it.each<[string, () => Promise<[id: string, claims: object]>]>([
    ['of another user', async () => [await open(urls[0]!), BOB]],
    [
      'of another client of the user',
      async () => [await open(urls[0]!), { ...ADA, client_id: 'phone' }],
    ],
    [
      'sealed with another secret',
      async () => [await open(await replica({ secret: OTHER })), ADA],
    ],
    [
      'that was changed',
      async () => [`${(await open(urls[0]!)).slice(0, -2)}AA`, ADA],
    ],
    ['that was made up', async () => [crypto.randomUUID(), ADA]],
  ])('do not find a session %s', async (_case, prepare) => {
    const [id, claims] = await prepare();
    const headers = await headersOf(claims, id);
    for (const url of urls) {
      expect(await statusesAt(url, headers)).toEqual([404, 404, 404]);
    }
    const { json } = await watch.post(urls[1]!, toolCall('whoami'), headers);
    expect(json.error).toEqual({ code: -32001, message: 'Session not found' });
  });

  it.each<[SessionOptions | false, boolean]>([
    [{}, true],
    [{ secret: SECRET }, false],
    [false, false],
  ])('are warned that sessions stay where they are: %j', async (...given) => {
    const [sessions, isWarned] = given;
    vi.stubEnv('K_SERVICE', 'mcp');
    const before = watch.logger.lines.length;
    await replica(sessions);
    vi.unstubAllEnvs();
    const said = watch.logger.lines.slice(before).join('\n');

    expect(said.includes('warn mcp.sessions.secret is not set')).toBe(isWarned);
  });

  it('want a token with every request', async () => {
    const id = await open(urls[0]!);
    const headers = { 'mcp-session-id': id };
    for (const url of urls) {
      expect(await statusesAt(url, headers)).toEqual([401, 401, 401]);
    }
  });

  it('learn that a session was ended', async () => {
    const id = await open(urls[0]!);
    const headers = await headersOf(ADA, id);
    const end = await watch.send(urls[0]!, { method: 'DELETE', headers });

    expect(end.status).toBe(200);
    for (const url of urls) {
      expect(await statusesAt(url, headers)).toEqual([404, 404, 404]);
    }
  });
});
