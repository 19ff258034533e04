import type { IncomingMessage } from 'node:http';
import type { CallingExchange } from '../modern/calling-exchange.interface.js';
import { CallAbortedError } from '../transport/call-aborted.error.js';
import type { Caller } from '../transport/transport.interfaces.js';
import { TransportMessages } from '../transport/transport.messages.js';
import { createLocalRequest } from './stdio-exchange.js';

/** One call of the modern era, for as long as its answer is awaited. */
export class ModernCall implements CallingExchange {
  readonly request: IncomingMessage = createLocalRequest();

  /** @param signal fires when the client cancels, or is gone */
  constructor(
    readonly caller: Caller,
    private readonly signal: AbortSignal,
  ) {}

  get isOpen(): boolean {
    return !this.signal.aborted;
  }

  whenAborted(listener: (reason: CallAbortedError) => void): void {
    const abort = () =>
      listener(new CallAbortedError(TransportMessages.clientCancelled));
    if (this.signal.aborted) abort();
    else this.signal.addEventListener('abort', abort, { once: true });
  }

  refuse(): false {
    return false;
  }
}
