import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is used of an Express application. */
export interface ExpressApplication {
  (request: IncomingMessage, response: ServerResponse): void;
  use(handler: ExpressMiddleware): void;
  readonly router: { readonly stack: ExpressLayer[] };
}

/** A middleware or a route, in the order in which Express asks them. */
export interface ExpressLayer {
  readonly name: string;
  readonly handle: ExpressMiddleware;
}

export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;
