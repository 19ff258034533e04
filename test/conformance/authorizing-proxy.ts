import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/**
 * Stands in front of a protected server for clients that know nothing of
 * tokens: adds one to each request, and changes nothing else. What a client
 * says of host and origin still reaches the server, but for the port.
 */
export class AuthorizingProxy implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  /** @param target URL of the server, on a loopback address */
  static async start(target: string, token: string): Promise<AuthorizingProxy> {
    const { port, pathname } = new URL(target);
    const server = createServer((incoming, outgoing) =>
      forward(incoming, outgoing, port, token),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: ownPort } = server.address() as AddressInfo;
    return new AuthorizingProxy(
      `http://localhost:${ownPort}${pathname}`,
      server,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: string,
  token: string,
): void {
  const upstream = request({
    host: '127.0.0.1',
    port,
    method: incoming.method,
    path: incoming.url,
    headers: {
      ...withPort(incoming.headers, incoming.socket.localPort!, port),
      authorization: `Bearer ${token}`,
    },
  });
  upstream.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode!, answer.headers);
    // Events must not wait for each other.
    outgoing.flushHeaders();
    pipeline(answer, outgoing, () => {});
  });
  upstream.on('error', () => outgoing.destroy());
  // A client that leaves is how calls of revision 2026-07-28 are cancelled.
  outgoing.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

function withPort(
  headers: IncomingHttpHeaders,
  from: number,
  to: string,
): IncomingHttpHeaders {
  const swap = (value: string) => value.replace(`:${from}`, `:${to}`);
  const { host, origin } = headers;
  return {
    ...headers,
    ...(host && { host: swap(host) }),
    ...(origin && { origin: swap(origin) }),
  };
}
