import type { SessionStream } from '../server-requests.js';
import type { StreamConnection } from '../stream-connection.js';
import { formatEventId } from './event-id.js';
import type { SessionEvents } from './session-events.js';

/**
 * A stream that outlives its connection: what is sent while there is none waits
 * in the event store.
 */
export class ResumableStream implements SessionStream {
  readonly isResumable = true;
  /** Of the newest event. */
  sequence = 0;
  /** Settles when the store has, or has failed to take, what was sent. */
  stored: Promise<void> | undefined;
  private connection: StreamConnection | undefined;
  private isOver = false;
  private hasLost = false;

  constructor(
    readonly id: string,
    private readonly events: SessionEvents,
    private readonly onEnd: (stream: ResumableStream) => void,
  ) {
    this.keep(0, null);
  }

  /** Whether messages can still be sent, with a connection or without. */
  get isOpen(): boolean {
    return !this.isOver;
  }

  get isConnected(): boolean {
    return this.connection?.isOpen ?? false;
  }

  get backlog(): number {
    return this.connection?.backlog ?? 0;
  }

  /** Whether the store failed to take an event. */
  get isBroken(): boolean {
    return this.hasLost;
  }

  /** Goes on at a connection. The one before may be half-dead. */
  attach(connection: StreamConnection): void {
    const previous = this.connection;
    this.connection = connection;
    previous?.end();
  }

  /** Ends the connection, not the stream: the client comes back for the rest. */
  release(): void {
    this.connection?.end();
    this.connection = undefined;
  }

  send(message: string): Promise<void> | undefined {
    if (this.isOver) return undefined;
    this.sequence += 1;
    this.keep(this.sequence, message);
    const written = this.connection?.send(message, formatEventId(this.cursor));
    if (!written) return this.stored;
    return this.stored ? this.stored.then(() => written) : written;
  }

  /** Gives the client an event id to come back with. */
  prime(retryInterval: number | undefined): void {
    this.connection?.prime(formatEventId(this.cursor), retryInterval);
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.sequence += 1;
    this.keep(this.sequence, null);
    this.release();
    this.onEnd(this);
  }

  private get cursor(): { stream: string; sequence: number } {
    return { stream: this.id, sequence: this.sequence };
  }

  // One after the other, and none after one that was lost: a client that comes
  // back gets all of it or is told.
  private keep(sequence: number, message: string | null): void {
    const append = () =>
      this.hasLost
        ? undefined
        : this.events.append(this.id, { sequence, message });
    if (this.stored) {
      this.wait(this.stored.then(append));
      return;
    }
    try {
      const outcome = append();
      if (outcome) this.wait(outcome);
    } catch {
      this.hasLost = true;
    }
  }

  private wait(outcome: Promise<void>): void {
    const stored = outcome
      .catch(() => {
        this.hasLost = true;
      })
      .then(() => {
        if (this.stored === stored) this.stored = undefined;
      });
    this.stored = stored;
  }
}
