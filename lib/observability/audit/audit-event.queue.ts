import { BUFFER_SIZE } from '../observability.messages.js';
import type { AuditEvent } from './audit-event.js';

type Result = IteratorResult<AuditEvent, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * Events for one `for await` loop. A loop that is slower than the events loses
 * the oldest ones, and never holds up who emits them.
 *
 * @publicApi
 */
export class AuditEventQueue implements AsyncIterableIterator<
  AuditEvent,
  undefined
> {
  private readonly events: AuditEvent[] = [];
  private readonly readers: ((result: Result) => void)[] = [];
  private isClosed = false;
  private lost = 0;

  /** @internal */
  constructor(
    private readonly size: number,
    private readonly onReturn: () => void,
  ) {
    if (!(size >= 1)) throw new RangeError(BUFFER_SIZE(size));
  }

  /** Number of events lost because nobody read them in time. */
  get dropped(): number {
    return this.lost;
  }

  /** @internal */
  push(event: AuditEvent): void {
    if (this.isClosed) return;
    const reader = this.readers.shift();
    if (reader) {
      reader({ done: false, value: event });
      return;
    }
    this.events.push(event);
    if (this.events.length <= this.size) return;
    this.events.shift();
    this.lost += 1;
  }

  /** Ends the loop, after the events it has not read yet. @internal */
  close(): void {
    this.isClosed = true;
    for (const reader of this.readers.splice(0)) reader(DONE);
  }

  next(): Promise<Result> {
    const event = this.events.shift();
    if (event) return Promise.resolve({ done: false, value: event });
    if (this.isClosed) return Promise.resolve(DONE);
    return new Promise((resolve) => {
      this.readers.push(resolve);
    });
  }

  return(): Promise<Result> {
    this.events.length = 0;
    this.close();
    this.onReturn();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
