import type { StreamConnection } from '../stream-connection.js';
import { formatEventId, type EventCursor } from './event-id.js';
import type { MissedEvents, SessionStreams } from './session-streams.js';

/**
 * How a replay ended: at a stream that goes on, at the end of one, at one that
 * this process does not know, or because what comes next is not there any more.
 */
export type ReplayOutcome = 'following' | 'over' | 'elsewhere' | 'lost';

/**
 * Sends a client what it missed, and then lets the stream go on at its new
 * connection. All of it comes from the store until the client has caught up, so
 * nothing is sent twice or left out, whatever is sent meanwhile.
 */
export class StreamReplay {
  constructor(
    private readonly streams: SessionStreams,
    private readonly connection: StreamConnection,
    private cursor: EventCursor,
  ) {}

  /** @param missed after the cursor */
  async run(missed: MissedEvents): Promise<ReplayOutcome> {
    for (
      let next: MissedEvents | undefined = missed;
      next;
      next = await this.streams.missedAfter(this.cursor)
    ) {
      await this.send(next);
      const outcome = this.outcomeOf(next);
      if (outcome) return outcome;
    }
    return 'lost';
  }

  private async send({ messages }: MissedEvents): Promise<void> {
    for (const { sequence, message } of messages) {
      if (!this.connection.isOpen) return;
      this.cursor = { ...this.cursor, sequence };
      await this.connection.send(message, formatEventId(this.cursor));
    }
  }

  /** `undefined`: there is more to read. */
  private outcomeOf({
    isOver,
    isHere,
  }: MissedEvents): ReplayOutcome | undefined {
    if (isOver || !this.connection.isOpen) return 'over';
    const stream = this.streams.find(this.cursor.stream);
    // One that ended meanwhile has more in the store.
    if (!stream) return isHere ? undefined : 'elsewhere';
    if (stream.sequence !== this.cursor.sequence) return undefined;
    stream.attach(this.connection);
    return 'following';
  }
}
