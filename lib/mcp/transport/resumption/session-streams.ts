import type { StreamConnection } from '../stream-connection.js';
import {
  createStreamId,
  type EventCursor,
  type StreamKind,
} from './event-id.js';
import type { McpStreamEvent } from './event-store.interface.js';
import { ResumableStream } from './resumable-stream.js';
import { RESUMPTION_DEFAULTS } from './resumption.config.js';
import type { SessionEvents } from './session-events.js';

/** Broken streams that are remembered, to refuse who comes back to them. */
const MAX_BROKEN = 100;

/** What a client missed. */
export interface MissedEvents {
  readonly messages: readonly PlacedMessage[];
  /** Whether nothing comes after them. */
  readonly isOver: boolean;
  /** Whether the stream was here when they were read. */
  readonly isHere: boolean;
}

/** A message at its place in a stream. */
export interface PlacedMessage {
  readonly sequence: number;
  readonly message: string;
}

/** The streams of one session. */
export class SessionStreams {
  /**
   * Whether the client takes events without data: before revision 2025-11-25,
   * clients failed on them.
   */
  canPrime = false;
  private readonly live = new Map<string, ResumableStream>();

  constructor(
    private readonly events: SessionEvents,
    private readonly retryInterval: number | undefined,
  ) {}

  /** Streams that are not over. */
  get size(): number {
    let size = 0;
    for (const { isOpen } of this.live.values()) size += isOpen ? 1 : 0;
    return size;
  }

  /** Begins a stream at a connection. */
  open(kind: StreamKind, connection: StreamConnection): ResumableStream {
    const stream = new ResumableStream(
      createStreamId(kind),
      this.events,
      (ended) => this.forgetOrKeep(ended),
    );
    this.live.set(stream.id, stream);
    stream.attach(connection);
    if (this.canPrime) stream.prime(this.retryInterval);
    return stream;
  }

  /**
   * Ends the connection of a stream of a client that takes events without data,
   * and tells it when to come back.
   */
  release(stream: ResumableStream): void {
    stream.prime(this.retryInterval ?? RESUMPTION_DEFAULTS.pollInterval);
    stream.release();
  }

  /** A stream of this process that is not over, or whose end is being stored. */
  find(id: string): ResumableStream | undefined {
    return this.live.get(id);
  }

  /**
   * What came after an event. `undefined`: it is unknown, or not all of that is
   * there any more.
   *
   * @throws Error when the store cannot tell
   */
  async missedAfter({
    stream: id,
    sequence,
  }: EventCursor): Promise<MissedEvents | undefined> {
    const stream = this.live.get(id);
    if (stream?.isOpen && stream.sequence === sequence) {
      return { messages: [], isOver: false, isHere: true };
    }
    await stream?.stored;
    const newest = stream?.sequence ?? sequence;
    const events = await this.events.readAfter(id, sequence);
    if (!events || !isComplete(events, sequence, newest)) return undefined;
    return {
      messages: events.filter(isMessage),
      isOver: events.some(isEnd),
      isHere: stream !== undefined,
    };
  }

  /** The session is over. */
  async forget(): Promise<void> {
    const streams = [...this.live.values()];
    this.live.clear();
    for (const { stored } of streams) await stored;
    await this.events.forget();
  }

  private forgetOrKeep(stream: ResumableStream): void {
    const decide = () => {
      if (!stream.isBroken) this.live.delete(stream.id);
      else this.limitBroken();
    };
    if (stream.stored) void stream.stored.then(decide);
    else decide();
  }

  private limitBroken(): void {
    const broken = [...this.live.values()].filter(
      ({ isBroken, isOpen }) => isBroken && !isOpen,
    );
    for (const { id } of broken.slice(0, -MAX_BROKEN)) this.live.delete(id);
  }
}

function isComplete(
  events: readonly McpStreamEvent[],
  after: number,
  newest: number,
): boolean {
  return (
    after + events.length >= newest &&
    events.every((event, index) => event.sequence === after + 1 + index)
  );
}

function isMessage(event: McpStreamEvent): event is PlacedMessage {
  return event.message !== null;
}

function isEnd({ sequence, message }: McpStreamEvent): boolean {
  return message === null && sequence > 0;
}
