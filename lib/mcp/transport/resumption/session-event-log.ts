import type { McpStreamEvent } from './event-store.interface.js';

/** What an event costs beside its message, in bytes. */
const OVERHEAD = 128;

interface LoggedEvent extends McpStreamEvent {
  readonly stream: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Events of one session in memory, oldest first, those of all streams mixed. */
export class SessionEventLog {
  /** Bytes kept, by estimate. */
  bytes = 0;
  private readonly events: LoggedEvent[] = [];
  private readonly counts = new Map<string, number>();

  get size(): number {
    return this.events.length;
  }

  countOf(stream: string): number {
    return this.counts.get(stream) ?? 0;
  }

  /** @returns its bytes */
  append(stream: string, { sequence, message }: McpStreamEvent): number {
    const bytes = OVERHEAD + Buffer.byteLength(message ?? '');
    this.events.push({ stream, sequence, message, bytes, at: Date.now() });
    this.bytes += bytes;
    this.counts.set(stream, this.countOf(stream) + 1);
    return bytes;
  }

  /** Those of a stream; none when it is not known. */
  of(stream: string): readonly McpStreamEvent[] {
    return this.events.filter((event) => event.stream === stream);
  }

  /** Drops the oldest event. */
  dropOldest(): void {
    this.dropAt(0);
  }

  /** Drops the oldest event of a stream. */
  dropOldestOf(stream: string): void {
    this.dropAt(this.events.findIndex((event) => event.stream === stream));
  }

  dropStream(stream: string): void {
    while (this.countOf(stream) > 0) this.dropOldestOf(stream);
  }

  /** Drops what is older. */
  dropBefore(time: number): void {
    while (this.events.length > 0 && this.events[0]!.at < time) {
      this.dropOldest();
    }
  }

  private dropAt(index: number): void {
    const [dropped] = index < 0 ? [] : this.events.splice(index, 1);
    if (!dropped) return;
    this.bytes -= dropped.bytes;
    const count = this.countOf(dropped.stream) - 1;
    if (count > 0) this.counts.set(dropped.stream, count);
    else this.counts.delete(dropped.stream);
  }
}
