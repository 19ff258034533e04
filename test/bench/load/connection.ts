import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ResponseReader, type ReadResponse } from './response-reader.js';

/** Milliseconds that an answer may take. */
const PATIENCE = 10_000;
// Room for the largest answer, so that it need not be put together.
const BUFFER_SIZE = 256 * 1024;

/** One connection to a server, with one request on its way at a time. */
export class Connection {
  private readonly reader = new ResponseReader();
  private readonly socket: Socket;
  private receive: (response: ReadResponse) => void = () => {};
  private fail: (error: Error) => void = () => {};

  private constructor(port: number) {
    this.socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: Buffer.alloc(BUFFER_SIZE),
        callback: (size, buffer) => this.read(buffer.subarray(0, size)),
      },
    });
  }

  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port);
    await once(connection.socket, 'connect');
    return connection;
  }

  /**
   * Sets who gets the responses. Their bodies are only valid until the next
   * request.
   */
  listen(
    receive: (response: ReadResponse) => void,
    fail: (error: Error) => void,
  ): void {
    this.receive = receive;
    this.fail = fail;
    this.socket.on('error', fail);
    this.socket.on('close', () => fail(new Error('The connection closed.')));
    this.socket.setTimeout(PATIENCE, () =>
      this.socket.destroy(new Error('No answer came in time.')),
    );
  }

  send(request: Buffer): void {
    this.socket.write(request);
  }

  close(): void {
    this.socket.destroy();
  }

  private read(piece: Uint8Array): boolean {
    try {
      const { buffer, byteOffset, byteLength } = piece;
      const bytes = Buffer.from(buffer, byteOffset, byteLength);
      const response = this.reader.push(bytes);
      if (response) this.receive(response);
    } catch (error) {
      this.fail(error as Error);
    }
    // Go on reading.
    return true;
  }
}
