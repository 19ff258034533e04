import type { EventStream } from './event-stream.js';
import type { MessageCarrier } from './server-requests.js';
import { MAX_BACKLOG, MAX_TIMER_DELAY } from './transport.constants.js';

/**
 * The stream a client opened with GET: for messages that belong to no call. It
 * lives no longer than the token that opened it.
 */
export class SessionStream implements MessageCarrier {
  readonly isOpen = true;
  private expiry: NodeJS.Timeout | undefined;

  /** @param expiresAt of the caller's token, in seconds since the epoch */
  constructor(
    private readonly events: EventStream,
    private readonly expiresAt: number,
  ) {
    this.endOnExpiry();
  }

  /** Sends a message; a client that stopped reading loses the stream. */
  send(message: string): Promise<void> | undefined {
    if (this.events.backlog <= MAX_BACKLOG) return this.events.send(message);
    this.events.destroy();
    return undefined;
  }

  end(): void {
    clearTimeout(this.expiry);
    this.events.end();
  }

  /** The client closed the stream. */
  release(): void {
    clearTimeout(this.expiry);
    this.events.release();
  }

  private endOnExpiry(): void {
    const remaining = this.expiresAt * 1000 - Date.now();
    if (remaining <= 0) {
      this.end();
      return;
    }
    const delay = Math.min(remaining, MAX_TIMER_DELAY);
    this.expiry = setTimeout(() => this.endOnExpiry(), delay);
    this.expiry.unref();
  }
}
