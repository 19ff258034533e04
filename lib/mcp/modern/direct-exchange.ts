import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { CallAbortedError } from '../transport/call-aborted.error.js';
import { isGone, onConnectionClose } from '../transport/connection-close.js';
import type { EncodedMessage } from '../transport/encoded-message.js';
import { HttpExchange } from '../transport/http-exchange.js';
import type { KeepAlive } from '../transport/keep-alive.js';
import { refuse, type RefusalError } from '../transport/refusal.js';
import type { Caller, RequestId } from '../transport/transport.interfaces.js';
import { MAX_BACKLOG } from '../transport/transport.constants.js';
import { TransportMessages } from '../transport/transport.messages.js';
import type { CallingExchange } from './calling-exchange.interface.js';

/** One POST of the modern era that is answered without the package. */
export class DirectExchange implements CallingExchange {
  private readonly http: HttpExchange;
  private onAbort: ((reason: CallAbortedError) => void) | undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly caller: Caller,
    private readonly id: RequestId,
    keepAlive: KeepAlive,
  ) {
    const { expiresAt } = caller.principal;
    this.http = new HttpExchange(response, { keepAlive, expiresAt });
    onConnectionClose(response, () => {
      // It also closes after a normal end.
      if (!this.http.isOpen) return;
      this.http.disconnect();
      this.abort(TransportMessages.clientDisconnected);
    });
  }

  get isOpen(): boolean {
    return this.http.isOpen && !isGone(this.response);
  }

  whenAborted(listener: (reason: CallAbortedError) => void): void {
    this.onAbort = listener;
  }

  /** Sends what is not the answer. Waits for a client that reads slowly. */
  async notify(message: string): Promise<void> {
    // Only what a handler did not wait for can pile up like that.
    if (this.http.backlog > MAX_BACKLOG) return;
    await this.http.send(message);
  }

  refuse(write: (response: ServerResponse) => void): boolean {
    return this.isOpen && this.http.refuse(write);
  }

  answer(message: EncodedMessage): void {
    this.http.answer(message);
  }

  /** Answers with an error: by this status, unless there is a stream. */
  fail(status: number, error: RefusalError): void {
    const { id } = this;
    if (this.refuse((response) => refuse(response, status, error, id))) return;
    this.http.answer(JSON.stringify({ jsonrpc: '2.0', id, error }));
  }

  /** The server closes: a call in flight is told so, and so is its client. */
  close(): void {
    const code = JsonRpcErrorCode.ConnectionError;
    const message = TransportMessages.serverClosing;
    this.fail(503, { code, message });
    this.abort(message);
  }

  private abort(message: string): void {
    this.onAbort?.(new CallAbortedError(message));
  }
}
