import type { ServerResponse } from 'node:http';
import { drained, endAndDrain } from '../transport/drained.js';

/** Says something of one connection, which is node's business here. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive']);

/** Writes what the package answered to node's response. */
export class WebResponseWriter {
  private drain: Promise<void> | undefined;
  /** Sizes of the messages that the package has and the response has not. */
  private readonly queued: number[] = [];
  private queuedBytes = 0;

  constructor(private readonly response: ServerResponse) {
    // Writing to a connection that just broke must not end the process.
    response.on('error', () => {});
  }

  /** Settles when a slow client has room again; `undefined` when it has. */
  get ready(): Promise<void> | undefined {
    return this.drain;
  }

  /** Bytes of messages the client has not taken yet. */
  get backlog(): number {
    return this.queuedBytes + this.response.writableLength;
  }

  /** Announces a message: the package does not say how much it holds. */
  expect(size: number): void {
    this.queued.push(size);
    this.queuedBytes += size;
  }

  /** @param lastWords written after the body, if there are any by then */
  async write(
    answer: Response,
    lastWords: () => string | undefined,
  ): Promise<void> {
    const headers: Record<string, string | number> = {};
    for (const [name, value] of answer.headers) {
      if (!CONNECTION_HEADERS.has(name)) headers[name] = value;
    }
    if (answer.body && isStream(answer)) {
      this.response.writeHead(answer.status, headers);
      this.response.flushHeaders();
      await this.pump(answer.body);
      endAndDrain(this.response, lastWords());
      return;
    }
    const text = await answer.text();
    if (text !== '') headers['content-length'] = Buffer.byteLength(text);
    this.response.writeHead(answer.status, headers);
    endAndDrain(this.response, text);
  }

  private async pump(body: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of body) {
      if (this.response.destroyed) return;
      this.queuedBytes -= this.queued.shift() ?? 0;
      if (this.response.write(chunk)) continue;
      this.drain = drained(this.response);
      await this.drain;
      this.drain = undefined;
    }
  }
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type') === 'text/event-stream';
}
