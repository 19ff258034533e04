import type { ServerResponse } from 'node:http';
import { drained, endAndDrain } from './drained.js';
import type { KeepAlive } from './keep-alive.js';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/**
 * An HTTP response as server-sent events. Every event of the endpoint passes
 * through here: this is where an event store would give them ids.
 */
export class EventStream {
  constructor(
    private readonly response: ServerResponse,
    private readonly keepAlive: KeepAlive,
    sessionId: string | undefined,
  ) {
    // Writing to a connection that just broke must not end the process.
    response.on('error', () => {});
    response.writeHead(
      200,
      sessionId === undefined
        ? HEADERS
        : { ...HEADERS, 'mcp-session-id': sessionId },
    );
    response.flushHeaders();
    keepAlive.add(response);
  }

  /** Bytes the client has not taken yet. */
  get backlog(): number {
    return this.response.writableLength;
  }

  /**
   * Sends one message. A promise means that the client reads slower than we
   * write: it settles when there is room again, or nobody to write to.
   */
  send(message: string): Promise<void> | undefined {
    if (this.response.destroyed) return undefined;
    const hasRoom = this.response.write(`event: message\ndata: ${message}\n\n`);
    return hasRoom ? undefined : drained(this.response);
  }

  end(): void {
    this.release();
    endAndDrain(this.response);
  }

  /** Gives up a stream, with whatever its client has not read. */
  destroy(): void {
    this.release();
    this.response.destroy();
  }

  /** The client closed the response. */
  release(): void {
    this.keepAlive.delete(this.response);
  }
}
