import type { Server } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type {
  ExpressApplication,
  ExpressLayer,
} from './express-application.js';
import type { RootRouter } from './root-router.js';

/** What is used of Nest's adapter, beyond what it declares. */
interface AdapterHooks {
  readonly onRequestHook?: unknown;
  readonly onResponseHook?: unknown;
}

/**
 * Lets the router answer before Express, while the application put nothing in
 * front of it. Express gives every request and response another prototype, and
 * whatever reads or writes such objects is slow from then on: it costs more
 * than all the rest of a call.
 *
 * @param layer of the router, which Express asks where there is no shortcut
 */
export function takeShortcut(
  adapter: AbstractHttpAdapter,
  router: RootRouter,
  layer: ExpressLayer,
): void {
  const application: ExpressApplication = adapter.getInstance();
  const server = adapter.getHttpServer() as Server;
  const listeners: unknown[] = server.listeners('request');
  // Others who listen expect Express where it was.
  if (listeners.length !== 1 || listeners[0] !== application) return;
  const isFirst = createOrderCheck(adapter, application, layer);
  server.off('request', application);
  server.on('request', (request, response) => {
    if (isFirst() && router.handle(request, response)) return;
    application(request, response);
  });
}

/** Asked anew for each request: middleware may come at any time. */
function createOrderCheck(
  adapter: AbstractHttpAdapter,
  application: ExpressApplication,
  layer: ExpressLayer,
): () => boolean {
  const { stack } = application.router;
  const hooks = adapter as unknown as AdapterHooks;
  const nestLayer = stack.find(callsHooks);
  return () => {
    const [first, second] = stack;
    if (first === layer) return true;
    if (first !== nestLayer || second !== layer) return false;
    return !hooks.onRequestHook && !hooks.onResponseHook;
  };
}

/** Nest's own layer does nothing but call the hooks of the adapter. */
function callsHooks({ handle }: ExpressLayer): boolean {
  return handle.toString().includes('onRequestHook');
}
