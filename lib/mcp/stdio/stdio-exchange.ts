import type { IncomingMessage } from 'node:http';
import type { CallExchange } from '../transport/call-exchange.js';
import { textOf, type EncodedMessage } from '../transport/encoded-message.js';
import type { SessionStream } from '../transport/server-requests.js';
import type { StdioWire } from './stdio-wire.js';

/**
 * What guards get from `switchToHttp().getRequest()`: an object of this call,
 * with nothing of the client in it.
 */
export function createLocalRequest(): IncomingMessage {
  return { headers: {} } as IncomingMessage;
}

/** One call of the 2025 era: nothing is told but in messages. */
export class StdioExchange implements CallExchange {
  private isDone = false;

  constructor(private readonly wire: StdioWire) {}

  get isOpen(): boolean {
    return !this.isDone;
  }

  get isConnected(): boolean {
    return this.isOpen;
  }

  get backlog(): number {
    return this.wire.backlog;
  }

  answer(message: EncodedMessage): void {
    if (this.isDone) return;
    this.isDone = true;
    void this.wire.write(textOf(message));
  }

  withdraw(): void {
    this.isDone = true;
  }

  send(message: string): Promise<void> | undefined {
    return this.isDone ? undefined : this.wire.write(message);
  }

  refuse(): false {
    return false;
  }

  prime(): false {
    return false;
  }

  release(): false {
    return false;
  }

  disconnect(): false {
    this.isDone = true;
    return false;
  }
}

/** What belongs to no call goes the same way as what does. */
export class StdioStream implements SessionStream {
  constructor(private readonly wire: StdioWire) {}

  get isOpen(): boolean {
    return this.wire.isOpen;
  }

  get isConnected(): boolean {
    return this.wire.isOpen;
  }

  send(message: string): Promise<void> | undefined {
    return this.wire.write(message);
  }

  end(): void {}

  release(): void {}
}
