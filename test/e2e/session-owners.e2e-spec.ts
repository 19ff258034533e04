import type { INestApplication } from '@nestjs/common';
import { Injectable, Module } from '@nestjs/common';
import { KeycardModule, McpTool, Principal } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { bearer, request, toolCall } from '../support/post.js';
import { Watch } from '../support/watch.js';

const MCP = 'https://mcp.example.com/mcp';
const INITIALIZE = request('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});

const headersOf = (token: string | undefined, id?: string) => ({
  host: 'mcp.example.com',
  ...(token !== undefined && bearer(token)),
  ...(id !== undefined && { 'mcp-session-id': id }),
});

describe.each(ADAPTERS)('sessions on %s', (_name, createAdapter) => {
  const watch = new Watch();
  let runs = 0;
  let zone: LocalZone;
  let application: INestApplication;
  let url: string;
  let session: string;

  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    whoami({ subject, claims }: Principal) {
      runs += 1;
      return { subject, jti: claims.jti };
    }
  }

  beforeAll(async () => {
    zone = await LocalZone.create().start();

    @Module({
      imports: [
        KeycardModule.forRoot({ zoneUrl: zone.issuer, resourceUrl: MCP }),
      ],
      providers: [Tools],
    })
    class AppModule {}
    application = await boot(AppModule, {
      adapter: createAdapter(),
      logger: watch.logger,
    });
    url = `${await application.getUrl()}/mcp`;
  });
  afterAll(async () => {
    await application.close();
    await zone.stop();
    watch.expectNoLeak();
  });

  const ADA = { sub: 'usr_ada', client_id: 'desktop' };

  const tokenOf = async (claims: object = ADA) =>
    watch.keep(await zone.mint({ aud: MCP, ...claims }));

  beforeEach(async () => {
    const opened = await watch.post(
      url,
      INITIALIZE,
      headersOf(await tokenOf()),
    );
    session = opened.headers['mcp-session-id'] as string;
    runs = 0;
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const NOT_FOUND = { code: -32001, message: 'Session not found' };

  it('an id is long, random and visible', () => {
    expect(session).toMatch(/^[\x21-\x7e]{22,}$/);
  });

  it.each<[string, object]>([
    ['another user', { ...ADA, sub: 'usr_bob' }],
    ['another client of the same user', { ...ADA, client_id: 'phone' }],
    ['nobody in particular', { ...ADA, sub: '', client_id: 'desktop' }],
  ])('are not found for %s', async (_case, claims) => {
    const headers = headersOf(await tokenOf(claims), session);
    const call = await watch.post(url, toolCall('whoami'), headers);
    const stream = await watch.send(url, {
      headers: { ...headers, accept: 'text/event-stream' },
    });
    const end = await watch.send(url, { method: 'DELETE', headers });
    // A token without subject is none.
    const expected = (claims as typeof ADA).sub === '' ? 401 : 404;
    expect([call.status, stream.status, end.status]).toEqual(
      Array(3).fill(expected),
    );
    if (expected === 404) expect(call.json.error).toEqual(NOT_FOUND);
    expect(runs).toBe(0);
    // The owner notices nothing.
    const own = await watch.post(
      url,
      toolCall('whoami'),
      headersOf(await tokenOf(), session),
    );
    expect(own.json.result.structuredContent.subject).toBe('usr_ada');
  });

  it('look the same, whether they exist or not', async () => {
    const headers = (id: string) => headersOf(token, id);
    const token = await tokenOf({ ...ADA, sub: 'usr_bob' });
    const [foreign, unknown] = [
      await watch.post(url, toolCall('whoami'), headers(session)),
      await watch.post(url, toolCall('whoami'), headers('unknown')),
    ];
    expect(foreign.text).toBe(unknown.text);
    expect(foreign.status).toBe(unknown.status);
  });

  it('stay when the token is refreshed, and calls have the new one', async () => {
    const jti = 'after-the-refresh';
    const { json } = await watch.post(
      url,
      toolCall('whoami'),
      headersOf(await tokenOf({ ...ADA, jti }), session),
    );
    expect(json.result.structuredContent).toEqual({ subject: 'usr_ada', jti });
  });

  it.each([
    ['stay for a moment after the last token expired', 30_000, 200],
    ['end when no token of their owner is good any more', 90_000, 404],
  ])('%s', async (_case, milliseconds, status) => {
    const exp = Math.floor(Date.now() / 1000) + 300;
    const opened = await watch.post(
      url,
      INITIALIZE,
      headersOf(await tokenOf({ ...ADA, exp })),
    );
    const id = opened.headers['mcp-session-id'] as string;
    const now = exp * 1000 + milliseconds;
    vi.useFakeTimers({ toFake: ['Date'], now });
    const headers = headersOf(await tokenOf(), id);
    const answer = await watch.post(url, toolCall('whoami'), headers);
    expect(answer.status).toBe(status);
  });

  it.each<[string, () => Promise<string | undefined>, number]>([
    ['no token', async () => undefined, 401],
    ['an expired token', () => tokenOf({ ...ADA, exp: 1 }), 401],
    ['a wrong token', async () => 'wrong', 401],
    ['a token for another resource', () => tokenOf({ ...ADA, aud: 'x' }), 401],
  ])('are no way in with %s', async (_case, makeToken, status) => {
    const headers = headersOf(await makeToken(), session);
    const answers = [
      await watch.post(url, toolCall('whoami'), headers),
      await watch.send(url, {
        headers: { ...headers, accept: 'text/event-stream' },
      }),
      await watch.send(url, { method: 'DELETE', headers }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(status);
      expect(answer.challenge).toContain('resource_metadata=');
      expect(answer.json.error_description).toBeTypeOf('string');
    }
    expect(runs).toBe(0);
  });

  it('end for their owner, and are not found afterwards', async () => {
    const headers = headersOf(await tokenOf(), session);
    const ended = await watch.send(url, { method: 'DELETE', headers });
    const call = await watch.post(url, toolCall('whoami'), headers);
    expect([ended.status, call.status]).toEqual([200, 404]);
  });

  it.each(['PUT', 'PATCH', 'HEAD'])('know no %s', async (method) => {
    const headers = headersOf(await tokenOf(), session);
    const answer = await watch.send(url, { method, headers });
    expect(answer.status).toBe(405);
  });
});
