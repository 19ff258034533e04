import type { ServerResponse } from 'node:http';
import { onConnectionClose } from './connection-close.js';
import { drained, endAndDrain } from './drained.js';
import type { KeepAlive } from './keep-alive.js';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/**
 * An HTTP response as server-sent events.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStream {
  readonly isResumable = false;
  /** Called once, when there is no more use for it. */
  onRelease: (() => void) | undefined;
  private isReleased = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly keepAlive: KeepAlive,
    sessionId: string | undefined,
  ) {
    // Writing to a connection that just broke must not end the process.
    response.on('error', () => {});
    onConnectionClose(response, () => this.release());
    response.writeHead(
      200,
      sessionId === undefined
        ? HEADERS
        : { ...HEADERS, 'mcp-session-id': sessionId },
    );
    response.flushHeaders();
    keepAlive.add(response);
  }

  get isOpen(): boolean {
    return !this.isReleased;
  }

  get isConnected(): boolean {
    return this.isOpen;
  }

  /** Bytes the client has not taken yet. */
  get backlog(): number {
    return this.response.writableLength;
  }

  /**
   * Sends one message. A promise means that the client reads slower than we
   * write: it settles when there is room again, or nobody to write to.
   */
  send(message: string, id?: string): Promise<void> | undefined {
    if (this.isReleased || this.response.destroyed) return undefined;
    const name = id === undefined ? '' : `id: ${id}\n`;
    const event = `event: message\n${name}data: ${message}\n\n`;
    return this.response.write(event) ? undefined : drained(this.response);
  }

  /**
   * Gives the client an event id to come back with, in an event without data.
   *
   * @param retryInterval milliseconds after which to come back
   */
  prime(id: string, retryInterval: number | undefined): void {
    if (this.isReleased) return;
    const retry =
      retryInterval === undefined ? '' : `retry: ${retryInterval}\n`;
    this.response.write(`id: ${id}\n${retry}data: \n\n`);
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

  private release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.keepAlive.delete(this.response);
    this.onRelease?.();
  }
}
