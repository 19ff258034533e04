import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { CallAbortedError } from '../transport/call-aborted.error.js';
import { onConnectionClose } from '../transport/connection-close.js';
import { refuse, type RefusalError } from '../transport/refusal.js';
import type { Caller, RequestId } from '../transport/transport.interfaces.js';
import { MAX_BACKLOG } from '../transport/transport.constants.js';
import { TransportMessages } from '../transport/transport.messages.js';
import type { CallingExchange } from './calling-exchange.interface.js';
import { WebResponseWriter } from './web-response.writer.js';

/** What the package answers with when a request ended before its answer. */
const ENDED_EARLY = 499;

/** One POST of the modern era, between node's objects and the package's. */
export class ModernExchange implements CallingExchange {
  private readonly controller = new AbortController();
  private readonly writer: WebResponseWriter;
  private hasNotified = false;
  private isRefused = false;
  private lastError: { status: number; error: RefusalError } | undefined;
  private onAbort: ((reason: CallAbortedError) => void) | undefined;

  /** @param id of the request; `null` when there is none to answer */
  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly caller: Caller,
    private readonly id: RequestId | null,
  ) {
    this.writer = new WebResponseWriter(response);
    onConnectionClose(response, () => {
      if (response.writableFinished) return;
      this.abort(TransportMessages.clientDisconnected);
    });
  }

  /** Fires when nobody waits for the answer any more, or there will be none. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get isOpen(): boolean {
    return !this.isRefused && !this.signal.aborted && !this.response.destroyed;
  }

  whenAborted(listener: (reason: CallAbortedError) => void): void {
    this.onAbort = listener;
  }

  /**
   * Sends what is not the answer. Waits for a client that reads slowly.
   *
   * @param size bytes it takes, more or less
   */
  async notify(size: number, send: () => Promise<void>): Promise<void> {
    // Only what a handler did not wait for can pile up like that.
    if (!this.isOpen || this.writer.backlog > MAX_BACKLOG) return;
    this.hasNotified = true;
    this.writer.expect(size);
    await send();
    await this.writer.ready;
  }

  refuse(write: (response: ServerResponse) => void): boolean {
    const { headersSent } = this.response;
    if (!this.isOpen || this.hasNotified || headersSent) return false;
    this.isRefused = true;
    write(this.response);
    return true;
  }

  /** The answer turned out to be none: it is not JSON. */
  fail(): void {
    const code = JsonRpcErrorCode.InternalError;
    const message = TransportMessages.internalError;
    this.lastError = { status: 500, error: { code, message } };
    this.abort(message);
  }

  /** The server closes: a call in flight is told so, and so is its client. */
  close(): void {
    if (!this.onAbort) return;
    const code = JsonRpcErrorCode.ConnectionError;
    const message = TransportMessages.serverClosing;
    this.lastError = { status: 503, error: { code, message } };
    this.abort(message);
  }

  /** Passes on the answer of the package, unless there was another. */
  async deliver(answer: Response): Promise<void> {
    const { headersSent, destroyed } = this.response;
    if (this.isRefused || headersSent || destroyed) {
      await answer.body?.cancel();
    } else if (answer.status === ENDED_EARLY) {
      this.answerEarly();
    } else {
      await this.writer.write(answer, () => this.lastWords());
    }
  }

  private answerEarly(): void {
    if (!this.lastError) {
      this.response.destroy();
      return;
    }
    const { status, error } = this.lastError;
    refuse(this.response, status, error, this.id);
  }

  private lastWords(): string | undefined {
    if (!this.lastError) return undefined;
    const { error } = this.lastError;
    const message = JSON.stringify({ jsonrpc: '2.0', id: this.id, error });
    return `event: message\ndata: ${message}\n\n`;
  }

  private abort(message: string): void {
    if (this.signal.aborted) return;
    this.onAbort?.(new CallAbortedError(message));
    this.controller.abort();
  }
}
