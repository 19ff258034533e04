import { readableError } from '../readable-error.js';
import { encodeAnswer, INTERNAL_ERROR, type Answer } from './answer.js';
import { CallAbortedError } from './call-aborted.error.js';
import type { CallRefusalError } from './call-refusal.error.js';
import type { AnswerSink } from './direct-dispatcher.js';
import type { CallExchange } from './call-exchange.js';
import type { EncodedMessage } from './encoded-message.js';
import { PendingCall, type SettledListener } from './pending-call.js';
import type { ServerRequests } from './server-requests.js';
import type { McpRequest, TransportLogger } from './transport.interfaces.js';
import {
  TransportLogMessages,
  TransportMessages,
} from './transport.messages.js';

/**
 * The calls of a transport. Each gets an id of ours, and the client's own back
 * in its answer: calls of several clients, or of one that reuses ids, cannot
 * cross.
 */
export class CallRegistry implements AnswerSink {
  // From 1: the SDK takes 0 for no id.
  private nextId = 1;
  private readonly calls = new Map<number, PendingCall>();

  constructor(
    private readonly serverRequests: ServerRequests,
    private readonly logger: TransportLogger,
  ) {}

  get size(): number {
    return this.calls.size;
  }

  open(
    request: McpRequest,
    exchange: CallExchange,
    onSettled?: SettledListener,
  ): PendingCall {
    const call = new PendingCall(this.nextId++, request, exchange, onSettled);
    this.calls.set(call.id, call);
    return call;
  }

  /** The call with an id of ours, in whatever form the SDK hands it back. */
  get(id: unknown): PendingCall | undefined {
    return this.calls.get(Number(id));
  }

  /** Answers a call. One that ended before is left alone. */
  finish(call: PendingCall, answer: Answer): void {
    if (!this.release(call, answer, TransportMessages.callEnded)) return;
    if (call.exchange.isOpen) call.exchange.answer(this.encode(call, answer));
  }

  /** Refuses a call by HTTP, or answers it where that is not possible any more. */
  refuse(call: PendingCall, refusal: CallRefusalError): void {
    if (call.isSettled || !call.exchange.refuse(refusal.write)) {
      this.finish(call, refusal.fallback);
      return;
    }
    this.release(call, undefined, TransportMessages.callEnded);
  }

  /** Ends a call without an answer. */
  withdraw(call: PendingCall, reason: string): void {
    if (!this.release(call, undefined, reason)) return;
    call.exchange.withdraw();
    call.abort(new CallAbortedError(reason));
  }

  /** Ends the calls of a client that chose this id. */
  cancel(clientId: unknown, reason: string): void {
    for (const call of this.calls.values()) {
      if (call.request.id === clientId) this.withdraw(call, reason);
    }
  }

  /** Ends all calls with the same error. */
  finishAll(code: number, message: string): void {
    for (const call of this.calls.values()) {
      this.finish(call, { error: { code, message } });
      call.abort(new CallAbortedError(message));
    }
  }

  /** Primes the streams of calls that were there at the last time of asking. */
  primeSlow(): void {
    for (const call of this.calls.values()) {
      if (call.isSlow) call.exchange.prime();
      call.isSlow = true;
    }
  }

  private release(
    call: PendingCall,
    answer: Answer | undefined,
    reason: string,
  ): boolean {
    if (!this.calls.delete(call.id)) return false;
    this.serverRequests.failCarriedBy(call, reason);
    call.settle(answer);
    return true;
  }

  private encode(call: PendingCall, answer: Answer): EncodedMessage {
    const { id, method } = call.request;
    try {
      return encodeAnswer(id, answer);
    } catch (error) {
      const message = TransportLogMessages.notSerializable(method);
      this.logger.error(message, readableError(error));
      return encodeAnswer(id, INTERNAL_ERROR);
    }
  }
}
