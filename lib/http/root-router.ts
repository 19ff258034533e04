import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import { ROUTE_FAILED, ROUTE_TAKEN, SERVER_ERROR } from './http.messages.js';
import { pathOf, sendJson, type RawHandler } from './raw-route.js';

/** Finds a handler for paths that are not known one by one. */
export type RouteResolver = (path: string) => RawHandler | undefined;

/**
 * Routes at the root of the origin: exact paths that no global prefix, version,
 * guard or interceptor can move or block.
 */
export class RootRouter {
  private readonly routes = new Map<string, RawHandler>();
  private readonly resolvers: RouteResolver[] = [];

  constructor(private readonly logger: LoggerService) {}

  /** @throws Error when the path is taken: two endpoints cannot share it */
  add(path: string, handler: RawHandler): void {
    if (this.routes.has(path)) throw new Error(ROUTE_TAKEN(path));
    this.routes.set(path, handler);
  }

  /** Asked for paths that are not among the exact ones. */
  addResolver(resolver: RouteResolver): void {
    this.resolvers.push(resolver);
  }

  /** Answers a request to one of the routes. `false`: it is not ours. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const handler = this.find(pathOf(request));
    if (!handler) return false;
    try {
      handler(request, response)?.catch((error: unknown) =>
        this.fail(response, error),
      );
    } catch (error) {
      this.fail(response, error);
    }
    return true;
  }

  private find(path: string): RawHandler | undefined {
    const handler = this.routes.get(path);
    if (handler) return handler;
    for (const resolve of this.resolvers) {
      const found = resolve(path);
      if (found) return found;
    }
    return undefined;
  }

  private fail(response: ServerResponse, error: unknown): void {
    this.logger.error(ROUTE_FAILED, error);
    if (response.headersSent) response.destroy();
    sendJson(response, 500, {
      error: 'server_error',
      error_description: SERVER_ERROR,
    });
  }
}
