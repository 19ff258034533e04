import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type {
  Transport,
  TransportSendOptions,
} from '@modelcontextprotocol/sdk/shared/transport.js';
import type {
  JSONRPCMessage,
  JSONRPCNotification,
} from '@modelcontextprotocol/sdk/types.js';
import type { McpLogLevel } from '../context/log-level.js';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import type { Answer } from './answer.js';
import { CallContext, type CallChannel } from './call-context.js';
import { CallRegistry } from './call-registry.js';
import { NO_EXCHANGE, type CallExchange } from './call-exchange.js';
import { LogThreshold } from './log-threshold.js';
import type { CallOrigin } from './message-context.js';
import { encodeMessage } from './message-encoder.js';
import type { DisconnectPolicy } from './mcp-endpoint.interface.js';
import type { MultiplexTransportOptions } from './multiplex-transport.interface.js';
import type { PendingCall, SettledListener } from './pending-call.js';
import { protocolFaultOf } from './protocol-server.js';
import type { ResourceSubscriptions } from './resource-subscriptions.js';
import type { ClientIntroduction } from './session-ids.js';
import {
  ServerRequests,
  type MessageCarrier,
  type SessionStream,
} from './server-requests.js';
import type {
  McpNotification,
  McpRequest,
  McpResponse,
} from './transport.interfaces.js';
import { MAX_BACKLOG } from './transport.constants.js';
import { TransportMessages } from './transport.messages.js';

/**
 * Lets one SDK server answer many POSTs at a time.
 *
 * Without a session it is shared by strangers. Then nothing a client sends
 * apart from requests may have an effect, and nobody can be asked anything.
 */
export class MultiplexTransport implements Transport, CallChannel {
  onmessage?: Transport['onmessage'];
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly sessionId: string | undefined;
  readonly subscriptions: ResourceSubscriptions | undefined;
  /** The server of the session. */
  server: Server | undefined;
  readonly logThreshold = new LogThreshold();

  private readonly serverRequests: ServerRequests;
  private readonly calls: CallRegistry;
  private stream: SessionStream | undefined;

  constructor(private readonly options: MultiplexTransportOptions) {
    this.sessionId = options.sessionId;
    this.subscriptions = options.subscriptions;
    this.serverRequests = new ServerRequests(
      (answer) => this.onmessage?.(answer),
      options.logger,
      options.requestPrefix,
    );
    this.calls = new CallRegistry(this.serverRequests, options.logger);
  }

  /**
   * Whether work is going on or the client listens. A call that waits for the
   * answer of a client who left is no work: perhaps nobody comes back.
   */
  get isBusy(): boolean {
    if (this.stream?.isConnected) return true;
    return this.calls.size > this.serverRequests.stranded;
  }

  get pendingCalls(): number {
    return this.calls.size;
  }

  get pendingServerRequests(): number {
    return this.serverRequests.size;
  }

  async start(): Promise<void> {}

  async close(): Promise<void> {
    const message =
      this.sessionId === undefined
        ? TransportMessages.serverClosing
        : TransportMessages.sessionEnded;
    this.calls.finishAll(JsonRpcErrorCode.ConnectionError, message);
    this.serverRequests.clear();
    this.stream?.end();
    this.stream = undefined;
    // The SDK's server fails what it still waits for.
    this.onclose?.();
  }

  /** Runs a request; its answer goes to the exchange. */
  deliverRequest(
    request: McpRequest,
    exchange: CallExchange,
    origin: CallOrigin,
    onSettled?: SettledListener,
  ): PendingCall {
    const { dispatcher } = this.options;
    const call = this.calls.open(request, exchange, onSettled);
    if (dispatcher.handles(request.method)) {
      const context = new CallContext(call, request, origin, this);
      dispatcher.run(call, context, this.calls);
    } else {
      this.deliverToServer(call);
    }
    return call;
  }

  /** Lets the server know its client, which hears nothing of it. */
  introduce(client: ClientIntroduction): Promise<Answer | undefined> {
    const request = {
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { ...client },
    } as const;
    return new Promise((resolve) => {
      this.deliverToServer(this.calls.open(request, NO_EXCHANGE, resolve));
    });
  }

  /** Takes a notification of the session's client; strangers' have no effect. */
  deliverNotification(notification: McpNotification): void {
    if (this.sessionId === undefined) return;
    if (notification.method === 'notifications/cancelled') {
      const requestId = notification.params?.['requestId'];
      this.calls.cancel(requestId, TransportMessages.clientCancelled);
    } else {
      this.onmessage?.(notification);
    }
  }

  /** Takes the client's answer to a request of the server. */
  deliverResponse(response: McpResponse): void {
    this.serverRequests.answer(response);
  }

  /** The HTTP response closed before these calls were answered. */
  disconnect(calls: readonly PendingCall[], policy: DisconnectPolicy): void {
    const message = TransportMessages.clientDisconnected;
    for (const call of calls) {
      if (call.exchange.disconnect()) continue;
      if (policy === 'abort') this.calls.withdraw(call, message);
      else this.serverRequests.failCarriedBy(call, message);
    }
  }

  /** Lets clients come back for the answers of calls that take their time. */
  primeSlowCalls(): void {
    this.calls.primeSlow();
  }

  /** A new stream replaces the old one, whose connection may be half-dead. */
  attachStream(stream: SessionStream): void {
    const previous = this.stream;
    this.stream = stream;
    if (!previous) return;
    this.detachStream(previous);
    previous.end();
  }

  detachStream(stream: SessionStream): void {
    if (this.stream === stream) this.stream = undefined;
    this.serverRequests.failCarriedBy(stream, TransportMessages.noOpenStream);
  }

  /** Lets the client go who listens; it may come back to another replica. */
  releaseStream(): void {
    this.stream?.release();
    this.stream = undefined;
  }

  /** Sends to the stream the client opened, if it did. */
  sendToStream(message: string): void {
    void this.stream?.send(message);
  }

  /** The SDK's way out. */
  async send(
    message: JSONRPCMessage,
    options?: TransportSendOptions,
  ): Promise<void> {
    if (!('method' in message)) {
      const call = this.calls.get(message.id);
      if (call) this.calls.finish(call, message);
      return;
    }
    const related = options?.relatedRequestId;
    const carrier =
      related === undefined ? this.stream : this.calls.get(related);
    if ('id' in message) await this.serverRequests.ask(message, carrier);
    else await this.tell(message, carrier);
  }

  wantsLog(level: McpLogLevel): boolean {
    return this.options.logging && this.logThreshold.admits(level);
  }

  notifyCall(
    callId: number,
    method: string,
    params: Record<string, unknown> | undefined,
  ): Promise<void> | undefined {
    const call = this.calls.get(callId);
    // Only what a handler did not wait for can pile up like that.
    if (call && call.exchange.backlog > MAX_BACKLOG) return undefined;
    return this.tell({ jsonrpc: '2.0', method, params }, call);
  }

  releaseCall(callId: number): boolean {
    return this.calls.get(callId)?.exchange.release() ?? false;
  }

  private deliverToServer(call: PendingCall): void {
    const error = protocolFaultOf(call.request);
    if (error) {
      this.calls.finish(call, { error });
      return;
    }
    const { method, params } = call.request;
    this.onmessage?.({ jsonrpc: '2.0', id: call.id, method, params });
  }

  private tell(
    notification: JSONRPCNotification,
    carrier: MessageCarrier | undefined,
  ): Promise<void> | undefined {
    const told = this.serverRequests.translate(notification);
    if (!carrier?.isOpen) return undefined;
    const message = encodeMessage(told, this.options.logger);
    return message === undefined ? undefined : carrier.send(message);
  }
}
