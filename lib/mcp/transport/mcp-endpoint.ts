import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { isGone } from './connection-close.js';
import { EndpointParts } from './endpoint-parts.js';
import { revisionHeaderOf } from './era.js';
import type {
  EndpointStats,
  McpEndpointOptions,
} from './mcp-endpoint.interface.js';
import { encodeMessage } from './message-encoder.js';
import { OriginPolicy } from './origin-policy.js';
import { PostRoute } from './post-route.js';
import { refuse, refuseFailed } from './refusal.js';
import { SessionRoutes } from './session-routes.js';
import { MODERN_REVISION } from './transport.constants.js';
import type { Caller } from './transport.interfaces.js';
import {
  TransportLogMessages,
  TransportMessages,
} from './transport.messages.js';

/**
 * One MCP endpoint over Streamable HTTP, on node's own request and response.
 *
 * The order of its refusals is part of its security: host and origin, then who
 * the caller is, and only then anything that says how the endpoint works.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export class McpEndpoint {
  private readonly parts: EndpointParts;
  private readonly origins: OriginPolicy;
  private readonly post: PostRoute;
  private readonly sessionRoutes: SessionRoutes | undefined;
  private isRunning = false;

  /** @throws Error when neither sessions nor stateless requests are allowed */
  constructor(private readonly options: McpEndpointOptions) {
    if (!options.stateless && !options.sessions) {
      throw new Error(TransportLogMessages.noWayIn);
    }
    this.parts = new EndpointParts(options);
    this.origins = new OriginPolicy(options);
    this.post = new PostRoute(this.parts);
    const { sessions, keepAlive } = this.parts;
    if (sessions) this.sessionRoutes = new SessionRoutes(sessions, keepAlive);
  }

  async start(): Promise<void> {
    await this.parts.start();
    this.isRunning = true;
  }

  /** Answers what is in flight with an error and ends all sessions. */
  async close(): Promise<void> {
    this.isRunning = false;
    await this.parts.close();
  }

  /** Answers a request. It may come with a parsed `body`. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    if (!this.origins.admits(request, response)) return;
    // Synchronous where the gate is: a promise costs more than the routing.
    try {
      const caller = this.options.gate.authenticate(request, response);
      if (!caller) return;
      if (!('then' in caller)) {
        this.route(request, response, caller);
        return;
      }
      caller
        .then((known) => known && this.route(request, response, known))
        .catch((error: unknown) => this.fail(response, error));
    } catch (error) {
      this.fail(response, error);
    }
  }

  /**
   * Sends a notification to every client that listens.
   *
   * @param uri only to those who subscribed to this resource
   */
  broadcast(
    notification: {
      readonly method: string;
      readonly params?: Readonly<Record<string, unknown>>;
    },
    uri?: string,
  ): void {
    const { method, params } = notification;
    const message = { jsonrpc: '2.0', method, params };
    const text = encodeMessage(message, this.options.logger);
    if (text === undefined) return;
    for (const { transport } of this.parts.sessions ?? []) {
      if (uri !== undefined && !transport.subscriptions?.has(uri)) continue;
      transport.sendToStream(text);
    }
  }

  stats(): EndpointStats {
    const { shared, sessions, keepAlive, resumption } = this.parts;
    let calls = shared.pendingCalls;
    let serverRequests = shared.pendingServerRequests;
    let resumableStreams = 0;
    for (const { transport, streams } of sessions ?? []) {
      calls += transport.pendingCalls;
      serverRequests += transport.pendingServerRequests;
      resumableStreams += streams?.size ?? 0;
    }
    return {
      sessions: sessions?.size ?? 0,
      calls,
      serverRequests,
      streams: keepAlive.size,
      resumableStreams,
      storedEvents: resumption?.storedEvents ?? 0,
    };
  }

  private route(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): void {
    // The client may have left while the caller was being verified.
    if (isGone(response)) return;
    if (!this.isRunning) {
      const code = JsonRpcErrorCode.ConnectionError;
      refuse(response, 503, { code, message: TransportMessages.closed });
      return;
    }
    if (request.method === 'POST') {
      this.post.handle(request, response, caller);
      return;
    }
    // The modern era knows nothing but POST.
    const isModern = revisionHeaderOf(request) === MODERN_REVISION;
    const routes = isModern ? undefined : this.sessionRoutes;
    if (request.method === 'GET' && routes) {
      routes
        .openStream(request, response, caller)
        .catch((error: unknown) => this.fail(response, error));
    } else if (request.method === 'DELETE' && routes) {
      routes
        .endSession(request, response, caller)
        .catch((error: unknown) => this.fail(response, error));
    } else {
      const code = JsonRpcErrorCode.ConnectionError;
      const message = TransportMessages.methodNotAllowed;
      const allow = routes ? 'GET, POST, DELETE' : 'POST';
      refuse(response, 405, { code, message }, null, { allow });
    }
  }

  private fail(response: ServerResponse, error: unknown): void {
    refuseFailed(response, this.options.logger, error);
  }
}
