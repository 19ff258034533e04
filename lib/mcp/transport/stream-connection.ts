import type { EventStream } from './event-stream.js';
import type { SessionStream } from './server-requests.js';
import { MAX_BACKLOG, MAX_TIMER_DELAY } from './transport.constants.js';

/**
 * The connection of a stream. It lives no longer than the token that opened it.
 */
export class StreamConnection implements SessionStream {
  private expiry: NodeJS.Timeout | undefined;

  /**
   * @param expiresAt of the caller's token, in seconds since the epoch
   * @param maxBacklog bytes; infinite where whoever sends waits for the client
   */
  constructor(
    private readonly events: EventStream,
    private readonly expiresAt: number,
    private readonly maxBacklog = MAX_BACKLOG,
  ) {
    events.onRelease = () => clearTimeout(this.expiry);
    this.awaitExpiry();
  }

  get isOpen(): boolean {
    return this.events.isOpen;
  }

  get isConnected(): boolean {
    return this.events.isOpen;
  }

  get backlog(): number {
    return this.events.backlog;
  }

  /** Sends a message; a client that stopped reading loses the connection. */
  send(message: string, id?: string): Promise<void> | undefined {
    if (this.events.backlog <= this.maxBacklog) {
      return this.events.send(message, id);
    }
    this.events.destroy();
    return undefined;
  }

  /** Gives the client an event id to come back with. */
  prime(id: string, retryInterval: number | undefined): void {
    this.events.prime(id, retryInterval);
  }

  end(): void {
    this.events.end();
  }

  release(): void {
    this.events.end();
  }

  /** Breaks the connection, so that the client notices. */
  destroy(): void {
    this.events.destroy();
  }

  // Never at once: a token may be accepted a little after its time, and the
  // client has to get an event id before it is sent away.
  private awaitExpiry(): void {
    const remaining = Math.max(this.expiresAt * 1000 - Date.now(), 0);
    this.expiry = setTimeout(
      () => {
        if (this.expiresAt * 1000 <= Date.now()) this.end();
        else this.awaitExpiry();
      },
      Math.min(remaining, MAX_TIMER_DELAY),
    );
    this.expiry.unref();
  }
}
