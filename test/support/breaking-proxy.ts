import { once } from 'node:events';
import {
  connect,
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/**
 * A TCP proxy whose connections break when it is told to, and which takes its
 * targets in turn.
 */
export class BreakingProxy {
  private readonly sockets = new Set<Socket>();
  private turn = 0;
  private server: Server;

  /** @param ports on the loopback address */
  constructor(private readonly ports: readonly number[]) {}

  async start(): Promise<number> {
    this.server = createServer((client) => {
      const port = this.ports[this.turn++ % this.ports.length]!;
      const target = connect(port, '127.0.0.1');
      client.pipe(target).pipe(client);
      for (const [socket, other] of [
        [client, target],
        [target, client],
      ] as const) {
        this.sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.sockets.delete(socket);
          other.destroy();
        });
      }
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** Breaks all connections, without a word. */
  break(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.break();
    this.server.close();
    await once(this.server, 'close');
  }
}
