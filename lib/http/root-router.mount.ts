import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { ExpressApplication } from './express-application.js';
import { takeShortcut } from './express-shortcut.js';
import { UNKNOWN_ADAPTER } from './http.messages.js';
import type { RootRouter } from './root-router.js';

/** What is used of a Fastify instance. */
interface FastifyApplication {
  addHook(
    name: 'onRequest',
    hook: (
      request: { readonly raw: IncomingMessage },
      reply: { readonly raw: ServerResponse; hijack(): void },
      done: () => void,
    ) => void,
  ): void;
}

/**
 * Puts the router in front of the application's own routes, behind the
 * middleware the application added before, and before any body is parsed.
 *
 * @throws Error on an adapter that is neither Express nor Fastify
 */
export function mountRootRouter(
  adapter: AbstractHttpAdapter,
  router: RootRouter,
): void {
  switch (adapter.getType()) {
    case 'express':
      return mountOnExpress(adapter, router);
    case 'fastify':
      return mountOnFastify(adapter.getInstance(), router);
    default:
      throw new Error(UNKNOWN_ADAPTER(adapter.getType()));
  }
}

// Nest adds its body parsers before any module can add a middleware. Bodies
// must be left alone until the caller is known, so ours moves ahead of them.
const NEST_LAYERS = new Set(['jsonParser', 'urlencodedParser', 'router']);

function mountOnExpress(
  adapter: AbstractHttpAdapter,
  router: RootRouter,
): void {
  const application: ExpressApplication = adapter.getInstance();
  application.use(function keycardRootRouter(request, response, next) {
    if (!router.handle(request, response)) next();
  });
  const { stack } = application.router;
  const layer = stack.pop()!;
  const first = stack.findIndex(
    ({ name, ...rest }) =>
      NEST_LAYERS.has(name) || ('route' in rest && rest.route !== undefined),
  );
  stack.splice(first < 0 ? stack.length : first, 0, layer);
  takeShortcut(adapter, router, layer);
}

function mountOnFastify(
  application: FastifyApplication,
  router: RootRouter,
): void {
  application.addHook('onRequest', (request, reply, done) => {
    if (!router.handle(request.raw, reply.raw)) return done();
    reply.hijack();
  });
}
