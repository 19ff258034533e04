import { once } from 'node:events';
import {
  connect,
  type ClientHttp2Session,
  type OutgoingHttpHeaders,
} from 'node:http2';
import {
  Controller,
  Get,
  Injectable,
  Module,
  type INestApplication,
} from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { KeycardModule, McpTool, Principal, Protected } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boot } from '../support/boot.js';
import { bearer, toolCall } from '../support/post.js';

const MCP = 'https://mcp.example.com/mcp';

describe('HTTP/2 on fastify', () => {
  let zone: LocalZone;
  let application: INestApplication;
  let client: ClientHttp2Session;
  let token: string;

  @Injectable()
  class Tools {
    @McpTool({ description: 'For tests' })
    whoami(principal: Principal) {
      return { subject: principal.subject };
    }
  }

  @Controller('route')
  class RouteController {
    @Get()
    @Protected()
    whoami(principal: Principal) {
      return { subject: principal.subject };
    }
  }

  beforeAll(async () => {
    zone = await LocalZone.create().start();
    token = await zone.mint({ sub: 'usr_ada', aud: MCP });

    @Module({
      imports: [
        KeycardModule.forRoot({ zoneUrl: zone.issuer, resourceUrl: MCP }),
      ],
      controllers: [RouteController],
      providers: [Tools],
    })
    class AppModule {}
    const adapter = new FastifyAdapter({ http2: true } as object);
    application = await boot(AppModule, { adapter });
    client = connect(await application.getUrl());
  });
  afterAll(async () => {
    client.close();
    await application.close();
    await zone.stop();
  });

  async function send(headers: OutgoingHttpHeaders, body?: object) {
    const stream = client.request(headers);
    stream.end(body && JSON.stringify(body));
    const [answer] = (await once(stream, 'response')) as [
      Record<string, string | number>,
    ];
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const json: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return { status: answer[':status'], answer, json };
  }

  const call = (headers: OutgoingHttpHeaders) =>
    send(
      {
        ':method': 'POST',
        ':path': '/mcp',
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      toolCall('whoami'),
    );

  it('serves tools under the host of the resource', async () => {
    const { json } = await call({
      ':authority': 'mcp.example.com',
      ...bearer(token),
    });
    expect(json).toMatchObject({
      result: { structuredContent: { subject: 'usr_ada' } },
    });
  });

  it.each([
    ['another host', { ':authority': 'evil.example.com' }],
    [
      'another host, and ours in a header',
      { ':authority': 'evil.example.com', host: 'mcp.example.com' },
    ],
  ])('refuses %s', async (_case, headers) => {
    expect((await call({ ...headers, ...bearer(token) })).status).toBe(403);
  });

  it('challenges who has no token', async () => {
    for (const { status, answer } of [
      await call({ ':authority': 'mcp.example.com' }),
      await send({ ':path': '/route' }),
    ]) {
      expect([status, answer['www-authenticate']]).toEqual([
        401,
        'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
      ]);
    }
  });

  it('serves routes and metadata', async () => {
    const route = await send({ ':path': '/route', ...bearer(token) });
    expect(route.json).toEqual({ subject: 'usr_ada' });
    const document = await send({
      ':path': '/.well-known/oauth-protected-resource/mcp',
    });
    expect(document.json).toMatchObject({ resource: MCP });
  });
});
