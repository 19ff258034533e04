import {
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { encodeMessage } from './message-encoder.js';
import type {
  McpResponse,
  RequestId,
  TransportLogger,
} from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** Data of the errors that stand in for answers that cannot come any more. */
export const UNDELIVERED = Object.freeze({});

/** What takes messages to the client: a call, or the stream of a session. */
export interface MessageCarrier {
  readonly isOpen: boolean;
  /** Whether the client is there to listen. */
  readonly isConnected: boolean;
  /** A promise: wait before sending more. */
  send(message: string): Promise<void> | undefined;
}

/** What a client listens to for messages that belong to no call. */
export interface SessionStream extends MessageCarrier {
  /** There will be nothing more. */
  end(): void;
  /** Ends the connection only. */
  release(): void;
}

/**
 * Requests to the client that wait for an answer. Those that can no longer get
 * one are answered with an error here. To refuse them by an exception would
 * not do: the SDK forgets a request only when it is answered or times out, and
 * would keep the others in memory.
 */
export class ServerRequests {
  private readonly carriers = new Map<RequestId, MessageCarrier>();

  /**
   * @param deliver hands an answer to the SDK
   * @param prefix of the ids that the client sees. The SDK counts from 0 in each
   * replica, and an answer that arrives at another one must match nothing there.
   */
  constructor(
    private readonly deliver: (answer: JSONRPCMessage) => void,
    private readonly logger: TransportLogger,
    private readonly prefix?: string,
  ) {}

  get size(): number {
    return this.carriers.size;
  }

  /** Calls, and streams, that wait for a client who is not there. */
  get stranded(): number {
    const all = new Set(this.carriers.values());
    return [...all].filter(({ isConnected }) => !isConnected).length;
  }

  /** Sends a request; without an open carrier it is refused. */
  ask(
    request: JSONRPCRequest,
    carrier: MessageCarrier | undefined,
  ): Promise<void> | undefined {
    const asked: JSONRPCRequest = { ...request, id: this.toWire(request.id) };
    const message = encodeMessage(asked, this.logger);
    if (!carrier?.isOpen || message === undefined) {
      this.fail(request.id, TransportMessages.noOpenStream);
      return undefined;
    }
    this.carriers.set(request.id, carrier);
    return carrier.send(message);
  }

  /** Takes an answer of the client. Only to what it was asked, and only once. */
  answer(response: McpResponse): void {
    const id = this.fromWire(response.id);
    if (id === undefined || !this.forget(id)) return;
    const answer: unknown = { ...response, id };
    if (isJSONRPCResultResponse(answer) || isJSONRPCErrorResponse(answer)) {
      this.deliver(answer);
    } else {
      this.fail(id, TransportMessages.malformedResponse);
    }
  }

  /** A notification as the client is to read it. */
  translate(notification: JSONRPCNotification): JSONRPCNotification {
    const { method, params } = notification;
    if (method !== 'notifications/cancelled') return notification;
    // The SDK gave up a request: its answer would find nobody.
    const id = params?.['requestId'] as RequestId;
    this.forget(id);
    const requestId = this.toWire(id);
    return { ...notification, params: { ...params, requestId } };
  }

  /** `false`: nobody waits for an answer with this id. */
  forget(id: unknown): boolean {
    return this.carriers.delete(id as RequestId);
  }

  /** Fails the requests that went out with a carrier that has ended. */
  failCarriedBy(carrier: MessageCarrier, message: string): void {
    if (this.carriers.size === 0) return;
    for (const [id, other] of this.carriers) {
      if (other !== carrier) continue;
      this.fail(id, message);
      if (carrier.isOpen) void carrier.send(cancellation(id, message));
    }
  }

  clear(): void {
    this.carriers.clear();
  }

  private toWire(id: RequestId): RequestId {
    return this.prefix === undefined ? id : `${this.prefix}.${id}`;
  }

  private fromWire(id: RequestId): RequestId | undefined {
    if (this.prefix === undefined) return id;
    return [...this.carriers.keys()].find((own) => this.toWire(own) === id);
  }

  // Later, because the SDK may still be sending the request.
  private fail(id: RequestId, message: string): void {
    this.carriers.delete(id);
    const code = JsonRpcErrorCode.ConnectionError;
    const error = { code, message, data: UNDELIVERED };
    queueMicrotask(() => this.deliver({ jsonrpc: '2.0', id, error }));
  }
}

/** So that no dialog stays open whose answer nobody waits for. */
function cancellation(requestId: RequestId, reason: string): string {
  const method = 'notifications/cancelled';
  const params = { requestId, reason };
  return JSON.stringify({ jsonrpc: '2.0', method, params });
}
