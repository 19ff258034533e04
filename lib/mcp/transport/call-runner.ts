import type { IncomingMessage } from 'node:http';
import { onConnectionClose } from './connection-close.js';
import type { EndpointParts } from './endpoint-parts.js';
import { HttpExchange } from './http-exchange.js';
import type { InboundPost } from './inbound-post.js';
import type { DisconnectPolicy } from './mcp-endpoint.interface.js';
import type { MultiplexTransport } from './multiplex-transport.js';
import type { PendingCall, SettledListener } from './pending-call.js';
import type { Session } from './session.js';
import { LISTEN } from './transport.constants.js';
import type { McpRequest } from './transport.interfaces.js';

/** Runs authorized requests, and notices when their client goes away. */
export class CallRunner {
  constructor(private readonly parts: EndpointParts) {}

  /** Where the messages of a POST go. */
  transportOf(session: Session | undefined): MultiplexTransport {
    return session?.transport ?? this.parts.shared;
  }

  /** Whether the gate lets the caller do this. `false`: refused and answered. */
  authorizes(message: McpRequest, post: InboundPost): boolean {
    const { caller, request, response } = post;
    return this.parts.options.gate.authorize(
      asOfThisEra(message),
      caller,
      request,
      response,
    );
  }

  run(
    message: McpRequest,
    post: InboundPost,
    onSettled?: SettledListener,
  ): void {
    const exchange = this.exchangeOf(post);
    const { request } = post;
    const call = this.deliver(message, post, exchange, request, onSettled);
    this.watch(post, exchange, [call]);
  }

  runBatch(messages: readonly McpRequest[], post: InboundPost): void {
    const exchange = this.exchangeOf(post, messages.length);
    // Guards leave notes on the request: those of one call are not another's.
    const calls = messages.map((message) => {
      const request: IncomingMessage = Object.create(post.request);
      return this.deliver(message, post, exchange, request);
    });
    this.watch(post, exchange, calls);
  }

  private exchangeOf(post: InboundPost, batchSize?: number): HttpExchange {
    return new HttpExchange(post.response, {
      keepAlive: this.parts.keepAlive,
      sessionId: post.session?.id,
      batchSize,
      streams: post.session?.streams,
      expiresAt: post.caller.principal.expiresAt,
    });
  }

  private deliver(
    message: McpRequest,
    post: InboundPost,
    exchange: HttpExchange,
    request: IncomingMessage,
    onSettled?: SettledListener,
  ): PendingCall {
    const { caller, session } = post;
    return this.transportOf(session).deliverRequest(
      message,
      exchange,
      { caller, request, negotiatedVersion: session?.protocolVersion },
      onSettled,
    );
  }

  // The response also closes after a normal end. Most calls have ended by now.
  private watch(
    { response, session }: InboundPost,
    exchange: HttpExchange,
    calls: readonly PendingCall[],
  ): void {
    if (!exchange.isOpen) return;
    onConnectionClose(response, () => {
      if (!exchange.isOpen) return;
      const policy = this.disconnectPolicyOf(session);
      this.transportOf(session).disconnect(calls, policy);
    });
  }

  // In a session, a connection that breaks is not a cancellation.
  private disconnectPolicyOf(session: Session | undefined): DisconnectPolicy {
    return session ? 'continue' : this.parts.options.onDisconnect;
  }
}

/**
 * What the modern era listens with is unknown in this one, where nobody limits
 * what it may name: the gate need not look for all of that.
 */
function asOfThisEra(message: McpRequest): McpRequest {
  return message.method === LISTEN ? { ...message, params: {} } : message;
}
