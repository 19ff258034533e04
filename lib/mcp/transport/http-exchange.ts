import type { ServerResponse } from 'node:http';
import { sendMessage, textOf, type EncodedMessage } from './encoded-message.js';
import { EventStream } from './event-stream.js';
import type { KeepAlive } from './keep-alive.js';

/** How the messages of a POST are answered. */
export interface ExchangeOptions {
  readonly keepAlive: KeepAlive;
  /** Session to name in the answer. */
  readonly sessionId?: string | undefined;
  /** Number of requests of a batch; `undefined` for a message on its own. */
  readonly batchSize?: number;
}

/**
 * One POST on its way to an answer. It answers with one JSON body, and turns
 * into an event stream the first time anything but a final answer is sent.
 */
export class HttpExchange {
  private remaining: number;
  private isDone = false;
  private events: EventStream | undefined;
  private readonly answers: EncodedMessage[] = [];

  constructor(
    private readonly response: ServerResponse,
    private readonly options: ExchangeOptions,
  ) {
    this.remaining = options.batchSize ?? 1;
  }

  /**
   * Whether answers are still owed, and the response is still ours: a timeout
   * middleware of the application may have answered in our place.
   */
  get isOpen(): boolean {
    if (this.isDone) return false;
    return this.events !== undefined || !this.response.headersSent;
  }

  /** Gives the final answer to one request of this POST. */
  answer(message: EncodedMessage): void {
    if (!this.isOpen) return;
    if (this.events) void this.events.send(textOf(message));
    else this.answers.push(message);
    this.complete();
  }

  /**
   * Answers the HTTP request in another way.
   *
   * @returns `false` when it is too late: something was sent, or others wait
   */
  refuse(write: (response: ServerResponse) => void): boolean {
    const isUndecided = !this.events && this.options.batchSize === undefined;
    if (!this.isOpen || !isUndecided) return false;
    this.isDone = true;
    write(this.response);
    return true;
  }

  /**
   * A request was cancelled: the protocol knows no answer to it, yet the HTTP
   * response must end.
   */
  withdraw(): void {
    if (this.isOpen) this.complete();
  }

  /** Sends what is not a final answer. A promise: wait before sending more. */
  send(message: string): Promise<void> | undefined {
    if (!this.isOpen) return undefined;
    return this.upgrade().send(message);
  }

  /** The client went away. */
  abandon(): void {
    this.isDone = true;
    this.events?.release();
  }

  private complete(): void {
    this.remaining -= 1;
    if (this.remaining > 0) return;
    // Nothing to say at all is said as a stream without events.
    if (this.answers.length === 0) this.upgrade();
    this.isDone = true;
    if (this.events) this.events.end();
    else this.sendJson();
  }

  private upgrade(): EventStream {
    if (this.events) return this.events;
    const { keepAlive, sessionId } = this.options;
    const events = new EventStream(this.response, keepAlive, sessionId);
    for (const answer of this.answers) void events.send(textOf(answer));
    this.events = events;
    return events;
  }

  private sendJson(): void {
    const { batchSize, sessionId } = this.options;
    const message =
      batchSize === undefined
        ? this.answers[0]!
        : `[${this.answers.map(textOf).join(',')}]`;
    const headers =
      sessionId === undefined ? undefined : { 'mcp-session-id': sessionId };
    sendMessage(this.response, message, headers);
  }
}
