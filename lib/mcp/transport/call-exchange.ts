import type { ServerResponse } from 'node:http';
import type { EncodedMessage } from './encoded-message.js';

/** How a call reaches its client. */
export interface CallExchange {
  /** Whether answers are still owed, and can be given. */
  readonly isOpen: boolean;
  /** Whether the client is there to listen. */
  readonly isConnected: boolean;
  /** Bytes of messages the client has not taken yet. */
  readonly backlog: number;
  /** Gives the final answer to one request. */
  answer(message: EncodedMessage): void;
  /**
   * Answers the HTTP request in another way.
   *
   * @returns `false` when it is too late: something was sent, or others wait
   */
  refuse(write: (response: ServerResponse) => void): boolean;
  /**
   * A request was cancelled: the protocol knows no answer to it, yet the HTTP
   * response must end.
   */
  withdraw(): void;
  /** Sends what is not a final answer. A promise: wait before sending more. */
  send(message: string): Promise<void> | undefined;
  /**
   * Becomes a stream, though there is nothing to send yet, so that the client
   * can come back to it.
   *
   * @returns `false` when that is not possible
   */
  prime(): boolean;
  /**
   * Ends the connection before the answer is there.
   *
   * @returns `false` when the client would not come back for it
   */
  release(): boolean;
  /**
   * The connection broke.
   *
   * @returns whether the client can come back
   */
  disconnect(): boolean;
}

/** Of a call that no client waits for. */
export const NO_EXCHANGE: CallExchange = {
  isOpen: false,
  isConnected: false,
  backlog: 0,
  answer: () => {},
  refuse: () => false,
  withdraw: () => {},
  send: () => undefined,
  prime: () => false,
  release: () => false,
  disconnect: () => false,
};
