import type {
  McpEventStore,
  McpStreamAddress,
  McpStreamEvent,
} from './event-store.interface.js';
import { SessionEventLog } from './session-event-log.js';

/** How much is kept, and for how long. */
export interface MemoryEventLimits {
  /** Events of one stream. */
  readonly maxEvents: number;
  /** Bytes of one session. */
  readonly maxBytes: number;
  /** Bytes of all sessions. */
  readonly maxTotalBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
}

/**
 * Events in the memory of this process. What exceeds a limit makes the oldest
 * go: of the stream, of the session, or of the session that was quiet longest.
 */
export class MemoryEventStore implements McpEventStore {
  private bytes = 0;
  // In the order of their last event.
  private readonly sessions = new Map<string, SessionEventLog>();

  constructor(private readonly limits: MemoryEventLimits) {}

  /** Events kept. */
  get size(): number {
    let size = 0;
    for (const log of this.sessions.values()) size += log.size;
    return size;
  }

  append({ session, stream }: McpStreamAddress, event: McpStreamEvent): void {
    const { maxEvents, maxBytes, maxTotalBytes, maxAge } = this.limits;
    const log = this.sessions.get(session) ?? new SessionEventLog();
    this.sessions.delete(session);
    this.bytes -= log.bytes;
    // Whoever missed one that cannot be kept gets nothing of its stream.
    if (log.append(stream, event) > maxBytes) log.dropStream(stream);
    log.dropBefore(Date.now() - maxAge);
    while (log.countOf(stream) > maxEvents) log.dropOldestOf(stream);
    while (log.bytes > maxBytes) log.dropOldest();
    this.keep(session, log);
    while (this.bytes > maxTotalBytes) this.dropOldest();
  }

  readAfter(
    { session, stream }: McpStreamAddress,
    sequence: number,
  ): readonly McpStreamEvent[] | undefined {
    const log = this.sessions.get(session);
    if (!log) return undefined;
    this.bytes -= log.bytes;
    log.dropBefore(Date.now() - this.limits.maxAge);
    this.keep(session, log);
    const events = log.of(stream);
    const [oldest] = events;
    const newest = events.at(-1);
    if (!oldest || !newest) return undefined;
    const isKept =
      oldest.sequence <= sequence + 1 && sequence <= newest.sequence;
    if (!isKept) return undefined;
    return events.filter((event) => event.sequence > sequence);
  }

  forget(session: string): void {
    const log = this.sessions.get(session);
    if (!log) return;
    this.bytes -= log.bytes;
    this.sessions.delete(session);
  }

  /** Drops what is too old. */
  sweep(): void {
    const oldest = Date.now() - this.limits.maxAge;
    for (const [session, log] of this.sessions) {
      this.bytes -= log.bytes;
      log.dropBefore(oldest);
      this.keep(session, log);
    }
  }

  private dropOldest(): void {
    const [first] = this.sessions;
    if (!first) return;
    const [session, log] = first;
    this.bytes -= log.bytes;
    log.dropOldest();
    this.keep(session, log);
  }

  /** Counts a log in again; one without events is let go. */
  private keep(session: string, log: SessionEventLog): void {
    this.bytes += log.bytes;
    if (log.size > 0) this.sessions.set(session, log);
    else this.sessions.delete(session);
  }
}
