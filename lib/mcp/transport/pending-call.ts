import type { Answer } from './answer.js';
import type { CallAbortedError } from './call-aborted.error.js';
import type { CallContext } from './call-context.js';
import type { CallExchange } from './call-exchange.js';
import { MAX_TIMER_DELAY } from './transport.constants.js';
import type { MessageCarrier } from './server-requests.js';
import type { McpRequest } from './transport.interfaces.js';

/** Told the answer of a call, or `undefined` when it ended without one. */
export type SettledListener = (answer: Answer | undefined) => void;

/** A request of a client between its arrival and its answer. */
export class PendingCall implements MessageCarrier {
  /** What the handler sees; the SDK's own methods have none. */
  context: CallContext | undefined;
  /** Whether it has been going on for a while. */
  isSlow = false;
  private deadline: NodeJS.Timeout | undefined;
  private settled = false;

  /** @param id unique in the transport: the id in `request` is the client's choice */
  constructor(
    readonly id: number,
    readonly request: McpRequest,
    readonly exchange: CallExchange,
    private readonly onSettled?: SettledListener,
  ) {}

  get isSettled(): boolean {
    return this.settled;
  }

  get isOpen(): boolean {
    return this.exchange.isOpen;
  }

  send(message: string): Promise<void> | undefined {
    return this.exchange.send(message);
  }

  abort(reason: CallAbortedError): void {
    this.context?.abort(reason);
  }

  /** Calls back after the time, unless the call settles before. */
  expireAfter(milliseconds: number, expire: () => void): void {
    if (!(milliseconds > 0)) return;
    const delay = Math.min(milliseconds, MAX_TIMER_DELAY);
    this.deadline = setTimeout(expire, delay);
    this.deadline.unref();
  }

  settle(answer: Answer | undefined): void {
    this.settled = true;
    clearTimeout(this.deadline);
    this.onSettled?.(answer);
  }
}
