import { IncomingMessage, type ServerResponse } from 'node:http';
import {
  Controller,
  Get,
  Module,
  type INestApplication,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import { afterEach, describe, expect, it } from 'vitest';
import { mountRootRouter } from '../../lib/http/root-router.mount.js';
import { RootRouter } from '../../lib/http/root-router.js';
import { boot, RecordingLogger } from '../support/boot.js';

@Controller('route')
class RouteController {
  @Get()
  answer() {
    return 'a route of the application';
  }
}

// Tells whether Express had the request in its hands.
function tell(request: IncomingMessage, response: ServerResponse) {
  const isPlain =
    Object.getPrototypeOf(request) === IncomingMessage.prototype &&
    !response.hasHeader('x-powered-by');
  response.end(isPlain ? 'straight from node' : 'by way of Express');
}

@Module({ controllers: [RouteController] })
class RouterModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost<ExpressAdapter>) {}

  onModuleInit() {
    const router = new RootRouter(new RecordingLogger());
    router.add('/root', tell);
    mountRootRouter(this.host.httpAdapter, router);
  }
}

let application: INestApplication;
afterEach(() => application.close());

async function start(configure?: (application: INestApplication) => void) {
  application = await boot(RouterModule, { configure });
  const url = await application.getUrl();
  return async (path: string) => {
    const response = await fetch(url + path);
    return response.text();
  };
}

describe('the router on Express', () => {
  it('answers before Express, which has all the rest', async () => {
    const get = await start((app) => app.setGlobalPrefix('api'));
    expect(await get('/root?a=b')).toBe('straight from node');
    expect(await get('/api/route')).toBe('a route of the application');
    expect(await get('/other')).toContain('Cannot GET /other');
  });

  it('answers behind the middleware of the application', async () => {
    const seen: string[] = [];
    const get = await start((app) =>
      app.use((request: IncomingMessage, _: unknown, next: () => void) => {
        seen.push(request.url!);
        next();
      }),
    );
    expect(await get('/root')).toBe('by way of Express');
    expect(seen).toEqual(['/root']);
  });

  it('answers behind a middleware that comes later, but first', async () => {
    const get = await start();
    const { router } = application.getHttpAdapter().getInstance();
    router.use((_request: unknown, response: ServerResponse) =>
      response.end('closed for today'),
    );
    router.stack.unshift(router.stack.pop());
    expect(await get('/root')).toBe('closed for today');
  });

  it('answers behind the hooks of the adapter', async () => {
    const get = await start();
    const adapter = application.getHttpAdapter() as ExpressAdapter;
    expect(await get('/root')).toBe('straight from node');
    adapter.setOnResponseHook(() => {});
    expect(await get('/root')).toBe('by way of Express');
  });

  it('leaves a server alone that others listen to', async () => {
    const seen: string[] = [];
    const get = await start((app) =>
      app
        .getHttpServer()
        .on('request', ({ url }: IncomingMessage) => seen.push(url!)),
    );
    expect(await get('/root')).toBe('by way of Express');
    expect(seen).toEqual(['/root']);
  });
});
