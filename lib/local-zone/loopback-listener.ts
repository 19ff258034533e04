import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { LocalZoneError } from './local-zone.error.js';
import { ZoneMessages } from './local-zone.messages.js';

const ATTEMPTS = 5;
const FAMILY_IS_MISSING = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => void;

/**
 * An HTTP server on one port of both loopback families. `localhost` may mean
 * either, so the zone owns both: otherwise somebody else could answer.
 */
export class LoopbackListener {
  private readonly sockets = new Set<Socket>();
  private handler: RequestHandler = answerNotReady;
  private closing: Promise<void> | undefined;

  private constructor(
    readonly port: number,
    private readonly servers: readonly Server[],
  ) {
    for (const server of servers) {
      server.on('request', (request, response) =>
        this.handler(request, response),
      );
      server.on('connection', (socket: Socket) => this.track(socket));
    }
  }

  /** Binds the port, or any free one for 0. */
  static async bind(port: number): Promise<LoopbackListener> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.bindOnce(port);
      } catch (error) {
        if (errorCode(error) !== 'EADDRINUSE') {
          throw error;
        }
        if (port !== 0 || attempt === ATTEMPTS) {
          throw new LocalZoneError(
            ZoneMessages.portInUse(port),
            'ERR_LOCAL_ZONE_PORT_IN_USE',
            { cause: error },
          );
        }
      }
    }
  }

  private static async bindOnce(port: number): Promise<LoopbackListener> {
    const first = await listen(port, '127.0.0.1');
    const bound = (first.address() as AddressInfo).port;
    try {
      const second = await listen(bound, '::1');
      return new LoopbackListener(bound, [first, second]);
    } catch (error) {
      if (FAMILY_IS_MISSING.has(errorCode(error))) {
        return new LoopbackListener(bound, [first]);
      }
      await close(first);
      throw error;
    }
  }

  /** Sets who answers. Until then every answer is 503. */
  serve(handler: RequestHandler): void {
    this.handler = handler;
  }

  /** Releases the port and every socket. May be called again. */
  async close(): Promise<void> {
    this.closing ??= this.closeOnce();
    await this.closing;
  }

  private async closeOnce(): Promise<void> {
    const closed = this.servers.map((server) => close(server));
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await Promise.all(closed);
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}

function listen(port: number, host: string): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function answerNotReady(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1' }).end();
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
