import { Injectable, Module, type INestApplication } from '@nestjs/common';
import { KeycardModule, McpTool } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import { boot } from '../support/boot.js';
import { bearer } from '../support/post.js';
import { Watch } from '../support/watch.js';

const MCP = 'https://mcp.example.com/mcp';
const REVISION = '2026-07-28';
const LEGACY = { jsonrpc: '2.0', id: 1, method: 'tools/call' };
const META = {
  _meta: {
    'io.modelcontextprotocol/protocolVersion': REVISION,
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};

const legacy = (name: unknown, changes: object = {}) => ({
  ...LEGACY,
  params: { name },
  ...changes,
});
const modern = (name: unknown, changes: object = {}) => ({
  ...LEGACY,
  params: { name, ...META },
  ...changes,
});
const modernHeaders = (name = 'secret') => ({
  'mcp-protocol-version': REVISION,
  'mcp-method': 'tools/call',
  'mcp-name': name,
});
const text = (message: object, from: string, to: string) =>
  JSON.stringify(message).replace(from, to);

type Hostile = [name: string, body: unknown, headers?: Record<string, string>];

const MESSAGES: Hostile[] = [
  ['as it is', legacy('secret')],
  ['as a notification', legacy('secret', { id: undefined })],
  ['with an id that is none', legacy('secret', { id: {} })],
  ['with the id null', legacy('secret', { id: null })],
  ['with a result beside the method', legacy('secret', { result: {} })],
  ['of another JSON-RPC', legacy('secret', { jsonrpc: '1.0' })],
  [
    'by another spelling of the method',
    legacy('secret', { method: 'Tools/Call' }),
  ],
  ['by a name that is a list', legacy(['secret'])],
  ['by a name that is an object', legacy({ toString: 'secret' })],
  ['by a list of parameters', legacy('x', { params: ['secret'] })],
  [
    'named twice',
    text(legacy('free'), '"name":"free"', '"name":"free","name":"secret"'),
  ],
  [
    'named by the prototype',
    text(legacy('secret'), '"name"', '"__proto__":{"name":"secret"},"x"'),
  ],
  [
    'with the method named twice',
    text(legacy('secret'), '"method"', '"method":"ping","method"'),
  ],
  ['behind one that is allowed', [legacy('free', { id: 2 }), legacy('secret')]],
  ['as a notification in a batch', [legacy('secret', { id: undefined })]],
  ['in a batch in a batch', [[legacy('secret')]]],
  ['after a byte order mark', `\ufeff${JSON.stringify(legacy('secret'))}`],
  ['of the new revision', modern('secret'), modernHeaders()],
  ['of the new revision, without its headers', modern('secret')],
  [
    'of the new revision, under the name of another',
    modern('secret'),
    modernHeaders('free'),
  ],
  [
    'of the new revision, encoded in the header',
    modern('secret'),
    modernHeaders('=?base64?c2VjcmV0?='),
  ],
  ['of the new revision, in a batch', [modern('secret')], modernHeaders()],
  [
    'of the new revision, in a batch behind another',
    [modern('free'), modern('secret', { id: 2 })],
    modernHeaders('free'),
  ],
  [
    'of the new revision, as a notification',
    modern('secret', { id: undefined }),
    modernHeaders(),
  ],
  [
    'of the new revision, in a session',
    modern('secret'),
    { ...modernHeaders(), 'mcp-session-id': 'x' },
  ],
  [
    'of the new revision, under an old one',
    modern('secret'),
    { ...modernHeaders(), 'mcp-protocol-version': '2025-11-25' },
  ],
  ['of an old revision, under the new one', legacy('secret'), modernHeaders()],
  [
    'with another HTTP method in a header',
    legacy('secret'),
    { 'x-http-method-override': 'OPTIONS' },
  ],
];

describe.each(ADAPTERS)(
  'a tool without its scope on %s',
  (_name, createAdapter) => {
    const watch = new Watch();
    let runs: string[] = [];
    let zone: LocalZone;
    let application: INestApplication;
    let url: string;
    let token: string;

    @Injectable()
    class Tools {
      @McpTool({ description: 'For tests' })
      free() {
        runs.push('free');
        return 'free';
      }

      @McpTool({ description: 'For tests', scopes: 'secret' })
      secret() {
        runs.push('secret');
        return 'secret';
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
      token = watch.keep(await zone.mint({ sub: 'usr_ada', aud: MCP }));
    });
    afterAll(async () => {
      await application.close();
      await zone.stop();
      watch.expectNoLeak();
    });

    const send = (
      body: unknown,
      headers: Record<string, string> = {},
      bearerToken = token,
    ) =>
      watch.send(url, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: {
          host: 'mcp.example.com',
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
          ...bearer(bearerToken),
          ...headers,
        },
      });

    it.each(MESSAGES)('does not run %s', async (_case, body, headers) => {
      runs = [];
      const answer = await send(body, headers);
      expect(runs).not.toContain('secret');
      // Accepted without an answer, or refused with one.
      const isExplained = answer.json?.error !== undefined;
      expect([answer.status === 202, isExplained]).toContain(true);
    });

    it('runs with it, in both revisions', async () => {
      runs = [];
      const good = watch.keep(
        await zone.mint({ sub: 'usr_ada', aud: MCP, scope: 'secret' }),
      );
      const statuses = [
        (await send(legacy('secret'), {}, good)).status,
        (await send(modern('secret'), modernHeaders(), good)).status,
      ];
      expect([statuses, runs]).toEqual([
        [200, 200],
        ['secret', 'secret'],
      ]);
    });
  },
);
