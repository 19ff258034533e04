import {
  createServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { KeycardModule, Principal, Protected } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer } from '../support/post.js';
import { createProver } from '../support/proof.js';

const HOST = 'https://api.example.com';
/** What stands in front of all paths, and the application does not know of. */
const MOUNT = '/service';
const ORDERS = `${HOST}${MOUNT}/orders`;
const OWN = `${HOST}/own`;

@Controller('orders')
class OrdersController {
  @Get()
  @Protected()
  list(principal: Principal) {
    return { resource: principal.resource };
  }
}

@Controller('other')
class OtherController {
  @Get()
  @Protected()
  list(principal: Principal) {
    return { resource: principal.resource };
  }
}

/** Each takes the mount off the path, and leaves the original beside it. */
const MOUNTS: [string, () => Promise<[INestApplication, string]>][] = [
  [
    'an Express application, mounted in another',
    async () => {
      const application = await start(new ExpressAdapter());
      const outer = new ExpressAdapter();
      outer.use(MOUNT, application.getHttpAdapter().getInstance());
      const server = createServer(outer.getInstance() as RequestListener);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      server.unref();
      const { port } = server.address() as AddressInfo;
      return [application, `http://127.0.0.1:${port}${MOUNT}`];
    },
  ],
  [
    'a Fastify application that rewrites URLs',
    async () => {
      const application = await start(
        new FastifyAdapter({
          rewriteUrl: (request: IncomingMessage) =>
            request.url!.replace(MOUNT, ''),
        }),
      );
      await application.listen(0, '127.0.0.1');
      return [application, (await application.getUrl()) + MOUNT];
    },
  ],
];

let zone: LocalZone;

beforeAll(async () => {
  zone = await LocalZone.create().start();
});
afterAll(() => zone.stop());

async function start(adapter: ExpressAdapter | FastifyAdapter) {
  @Module({
    imports: [
      KeycardModule.forRoot({
        zoneUrl: zone.issuer,
        resourceUrl: `${HOST}/own`,
        mcp: false,
        tokens: { dpop: true },
      }),
      KeycardModule.forFeature({ resourceUrl: ORDERS, path: '/orders' }),
    ],
    controllers: [OrdersController, OtherController],
  })
  class AppModule {}
  const application = await NestFactory.create(AppModule, adapter, {
    logger: false,
    forceCloseConnections: true,
  });
  return application.init();
}

describe.each(MOUNTS)('in %s', (_name, mount) => {
  let application: INestApplication;
  let url: string;

  beforeAll(async () => {
    [application, url] = await mount();
  });
  afterAll(() => application.close());

  const send = async (path: string, aud: string) => {
    const token = await zone.mint({ sub: 'usr_ada', aud });
    const response = await fetch(url + path, { headers: bearer(token) });
    return response.status;
  };

  it('the path that was routed tells the resource', async () => {
    expect([
      await send('/orders', ORDERS),
      await send('/orders', OWN),
      await send('/other', OWN),
      await send('/other', ORDERS),
    ]).toEqual([200, 401, 200, 401]);
  });

  it.each([
    ['/orders', ORDERS],
    ['/other', OWN],
  ])('a proof is for the public URL of %s', async (path, aud) => {
    const prover = await createProver();
    const cnf = { jkt: prover.thumbprint };
    const token = await zone.mint({ sub: 'usr_ada', aud, cnf });
    const publicUrl = HOST + MOUNT + path;
    const response = await fetch(url + path, {
      headers: {
        authorization: `DPoP ${token}`,
        dpop: await prover.prove('GET', publicUrl, token),
      },
    });
    expect(response.status).toBe(200);
  });

  it('metadata is below the mount, too', async () => {
    const response = await fetch(
      `${url}/.well-known/oauth-protected-resource/service/orders`,
    );
    expect(await response.json()).toMatchObject({ resource: ORDERS });
  });
});
