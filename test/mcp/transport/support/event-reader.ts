import type { IncomingMessage } from 'node:http';
import { vi } from 'vitest';

/** A server-sent event as it came. */
export interface WireEvent {
  readonly id: string | undefined;
  readonly retry: string | undefined;
  readonly message: any;
}

/** Reads an event stream while it is being written. */
export class EventReader {
  readonly events: WireEvent[] = [];
  isOver = false;
  private rest = '';

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.take(text));
    response.on('error', () => {});
    response.on('close', () => {
      this.isOver = true;
    });
  }

  /** Events that carry a message. */
  get messages(): any[] {
    return this.events
      .filter(({ message }) => message !== undefined)
      .map(({ message }) => message);
  }

  /** What log messages said, and `answer` for an answer. */
  get told(): unknown[] {
    return this.messages.map((message) =>
      'method' in message ? message.params.data : 'answer',
    );
  }

  /** Id of the newest event. */
  get lastId(): string {
    return this.events.map(({ id }) => id).findLast((id) => id !== undefined)!;
  }

  /** Settles when there are so many messages. */
  async until(count: number): Promise<this> {
    await vi.waitFor(
      () => {
        if (this.messages.length < count) throw new Error('not yet');
      },
      { timeout: 10_000, interval: 2 },
    );
    return this;
  }

  /** Settles when the connection is over. */
  async end(): Promise<this> {
    await vi.waitFor(
      () => {
        if (!this.isOver) throw new Error('not yet');
      },
      { timeout: 10_000, interval: 2 },
    );
    return this;
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => {
          const [name = '', ...value] = line.split(': ');
          return [name, value.join(': ')];
        }),
      );
      const data = fields.get('data');
      if (fields.has('')) continue;
      this.events.push({
        id: fields.get('id'),
        retry: fields.get('retry'),
        message: data ? JSON.parse(data) : undefined,
      });
    }
  }
}
