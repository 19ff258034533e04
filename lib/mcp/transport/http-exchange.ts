import type { ServerResponse } from 'node:http';
import type { CallExchange } from './call-exchange.js';
import { sendMessage, textOf, type EncodedMessage } from './encoded-message.js';
import { EventStream } from './event-stream.js';
import type { KeepAlive } from './keep-alive.js';
import type { ResumableStream } from './resumption/resumable-stream.js';
import type { SessionStreams } from './resumption/session-streams.js';
import { StreamConnection } from './stream-connection.js';

/** How the messages of a POST are answered. */
export interface ExchangeOptions {
  readonly keepAlive: KeepAlive;
  /** Session to name in the answer. */
  readonly sessionId?: string | undefined;
  /** Number of requests of a batch; `undefined` for a message on its own. */
  readonly batchSize?: number;
  /** Where streams go on when their connection breaks; absent: nowhere. */
  readonly streams?: SessionStreams | undefined;
  /** Of the caller's token, in seconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * One POST on its way to an answer. It answers with one JSON body, and turns
 * into an event stream the first time anything but a final answer is sent.
 */
export class HttpExchange implements CallExchange {
  private remaining: number;
  private isDone = false;
  private stream: EventStream | ResumableStream | undefined;
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
    return this.stream !== undefined || !this.response.headersSent;
  }

  get isConnected(): boolean {
    return this.stream?.isConnected ?? this.isOpen;
  }

  get backlog(): number {
    return this.stream?.backlog ?? 0;
  }

  answer(message: EncodedMessage): void {
    if (!this.isOpen) return;
    if (this.stream) void this.stream.send(textOf(message));
    else this.answers.push(message);
    this.complete();
  }

  refuse(write: (response: ServerResponse) => void): boolean {
    const isUndecided = !this.stream && this.options.batchSize === undefined;
    if (!this.isOpen || !isUndecided) return false;
    this.isDone = true;
    write(this.response);
    return true;
  }

  withdraw(): void {
    if (this.isOpen) this.complete();
  }

  send(message: string): Promise<void> | undefined {
    if (!this.isOpen) return undefined;
    return this.upgrade().send(message);
  }

  prime(): boolean {
    if (!this.isOpen || !this.options.streams?.canPrime) return false;
    return this.upgrade().isResumable;
  }

  release(): boolean {
    if (!this.prime() || !this.stream?.isResumable) return false;
    this.options.streams?.release(this.stream);
    return true;
  }

  disconnect(): boolean {
    if (this.stream?.isResumable) return true;
    this.isDone = true;
    return false;
  }

  private complete(): void {
    this.remaining -= 1;
    if (this.remaining > 0) return;
    this.isDone = true;
    if (this.stream) this.stream.end();
    // Nothing to say at all is said as a stream without events.
    else if (this.answers.length === 0) this.openEvents().end();
    else this.sendJson();
  }

  private upgrade(): EventStream | ResumableStream {
    if (this.stream) return this.stream;
    const { streams, expiresAt } = this.options;
    const events = this.openEvents();
    // Whoever sends on it waits for the client, so there is no backlog.
    const stream = streams
      ? streams.open('call', new StreamConnection(events, expiresAt, Infinity))
      : events;
    for (const answer of this.answers) void stream.send(textOf(answer));
    this.stream = stream;
    return stream;
  }

  private openEvents(): EventStream {
    const { keepAlive, sessionId } = this.options;
    return new EventStream(this.response, keepAlive, sessionId);
  }

  private sendJson(): void {
    const { batchSize, sessionId } = this.options;
    const message =
      batchSize === undefined
        ? this.answers[0]!
        : `[${this.answers.map(textOf).join(',')}]`;
    sendMessage(this.response, message, sessionId);
  }
}
