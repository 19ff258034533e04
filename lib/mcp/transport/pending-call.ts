import type { Answer } from './answer.js';
import { CallClock } from './call-clock.js';
import type { CallAbortedError } from './call-aborted.error.js';
import type { CallContext } from './call-context.js';
import type { CallExchange } from './call-exchange.js';
import type { MessageCarrier } from './server-requests.js';
import type { McpRequest } from './transport.interfaces.js';

/** Told the answer of a call, or `undefined` when it ended without one. */
export type SettledListener = (answer: Answer | undefined) => void;

/** A request of a client between its arrival and its answer. */
export class PendingCall implements MessageCarrier {
  /** What the handler sees; the SDK's own methods have none. */
  context: CallContext | undefined;
  readonly clock = new CallClock();
  /** Whether it has been going on for a while. */
  isSlow = false;
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

  get isConnected(): boolean {
    return this.exchange.isConnected;
  }

  send(message: string): Promise<void> | undefined {
    return this.exchange.send(message);
  }

  abort(reason: CallAbortedError): void {
    this.context?.abort(reason);
  }

  settle(answer: Answer | undefined): void {
    this.settled = true;
    this.clock.stop();
    this.onSettled?.(answer);
  }
}
