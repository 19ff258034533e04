import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';

/** A request as it reached the server: preflights never show in the page. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly origin: string | undefined;
  /** Header names a preflight asks for, in lower case. */
  readonly asked: readonly string[];
  /** Method a preflight asks for. */
  readonly askedMethod: string | undefined;
  /** `undefined` while it is not answered. */
  status: number | undefined;
}

/** Writes down what a browser sends to an application. */
export function watchTraffic(application: INestApplication): SeenRequest[] {
  const seen: SeenRequest[] = [];
  const server = application.getHttpServer() as Server;
  server.prependListener(
    'request',
    ({ method, url, headers }: IncomingMessage, response: ServerResponse) => {
      const asked = headers['access-control-request-headers'] ?? '';
      const entry: SeenRequest = {
        method: method!,
        path: url!,
        origin: headers.origin,
        asked: asked.split(',').filter(Boolean),
        askedMethod: headers['access-control-request-method'],
        status: undefined,
      };
      seen.push(entry);
      response.once('finish', () => (entry.status = response.statusCode));
    },
  );
  return seen;
}
