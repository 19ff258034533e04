import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  McpHttpHandler,
  McpRequestContext,
  Server,
} from '@modelcontextprotocol/server';
import type { McpChange } from '../changes/change.js';
import type {
  ModernHandler,
  ServerIntroduction,
} from '../transport/mcp-endpoint.interface.js';
import {
  classifyMessage,
  requestIdOf,
} from '../transport/message-classifier.js';
import { refuse, refuseMessage } from '../transport/refusal.js';
import { LISTEN } from '../transport/transport.constants.js';
import type {
  Caller,
  EndpointGate,
  McpRequest,
  MethodDispatcher,
  TransportLogger,
} from '../transport/transport.interfaces.js';
import {
  TransportLogMessages,
  TransportMessages,
} from '../transport/transport.messages.js';
import { AnsweredError } from './answered.error.js';
import { DirectRoute } from './direct-route.js';
import { InputRounds } from './input-rounds.js';
import type { ListenersOptions } from './listening/listeners.js';
import { ListenRoute } from './listening/listen-route.js';
import { ModernCallRunner } from './modern-call.runner.js';
import { ModernExchange } from './modern-exchange.js';
import type { ModernSdk } from './modern-sdk.loader.js';
import { ModernServerFactory } from './modern-server.factory.js';
import type { ParameterHeaders } from './parameter-headers.js';
import type { RequestStateSealer } from './request-state.sealer.js';
import { isRefusal } from './sdk-report.js';
import { toWebRequest } from './web-request.js';

/** What the endpoint is made of. */
export interface ModernEndpointOptions
  extends ServerIntroduction, ListenersOptions {
  readonly sdk: ModernSdk;
  readonly dispatcher: MethodDispatcher;
  readonly gate: EndpointGate;
  readonly sealer: RequestStateSealer;
  readonly parameterHeaders: ParameterHeaders;
  readonly logger: TransportLogger;
}

/** A request that came, and who sent it. */
type Arrival = Pick<ModernExchange, 'request' | 'response' | 'caller'>;

/**
 * Revision 2026-07-28, by the official package, over the same dispatcher as the
 * 2025 era. The package checks the envelope and the standard headers, and
 * answers `server/discover`; other answers are ours. Frequent requests that are
 * as they should be never get to its server.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export class ModernEndpoint implements ModernHandler {
  private readonly handler: McpHttpHandler;
  private readonly servers: ModernServerFactory;
  private readonly listenRoute: ListenRoute;
  // The package knows web requests, and asks us for a server by them.
  private readonly bodies = new WeakMap<Request, [ModernExchange, unknown]>();
  private readonly exchanges = new Set<ModernExchange>();
  private readonly direct: DirectRoute;

  constructor(private readonly options: ModernEndpointOptions) {
    const { sdk, sealer, capabilities, keepAliveInterval } = options;
    const runner = new ModernCallRunner({
      ...options,
      rounds: new InputRounds(sealer),
      logging: capabilities.logging !== undefined,
    });
    this.servers = new ModernServerFactory({ ...options, runner });
    this.listenRoute = new ListenRoute({
      ...options,
      admits: (message, exchange) => this.admits(message, exchange),
    });
    this.direct = new DirectRoute({ ...options, runner });
    this.handler = sdk.createMcpHandler((context) => this.serve(context), {
      legacy: 'reject',
      keepAliveMs: keepAliveInterval,
      onerror: (error) => this.report(error),
    });
  }

  /** Requests that are being answered, open subscriptions included. */
  get size(): number {
    return (
      this.exchanges.size + this.listenRoute.listeners.size + this.direct.size
    );
  }

  /** Tells the clients that listen what has changed. */
  tell(change: McpChange): void {
    this.listenRoute.listeners.tell(change);
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    caller: Caller,
  ): Promise<void> {
    const message = this.direct.find(body, request.headers);
    if (message) {
      if (!this.admits(message, { request, response, caller })) return;
      await this.direct.answer(message, request, response, caller);
      return;
    }
    // Of what is no message, the package does not tell the id.
    if (classifyMessage(body).kind === 'invalid' && !Array.isArray(body)) {
      const text = TransportMessages.invalidRequest;
      refuseMessage(response, text, requestIdOf(body));
      return;
    }
    const exchange = new ModernExchange(
      request,
      response,
      caller,
      requestIdOf(body),
    );
    const webRequest = toWebRequest(request, exchange.signal);
    this.bodies.set(webRequest, [exchange, body]);
    this.exchanges.add(exchange);
    try {
      await exchange.deliver(
        await this.handler.fetch(webRequest, { parsedBody: body }),
      );
    } finally {
      this.exchanges.delete(exchange);
    }
  }

  /** Ends calls in flight with an error, and subscriptions as they should. */
  async close(): Promise<void> {
    this.direct.close();
    for (const exchange of this.exchanges) exchange.close();
    this.listenRoute.listeners.close();
    await this.handler.close();
  }

  /** Asked for once the package has nothing more to say against a request. */
  private serve({ requestInfo }: McpRequestContext): Server | Promise<Server> {
    const [exchange, body] = this.bodies.get(requestInfo!)!;
    const classified = classifyMessage(body);
    if (classified.kind !== 'request') return this.servers.create(exchange);
    const { message } = classified;
    if (message.method === LISTEN) return this.listen(message, exchange);
    if (!this.admits(message, exchange)) throw new AnsweredError();
    return this.servers.createFor(message, exchange);
  }

  private async listen(
    message: McpRequest,
    exchange: ModernExchange,
  ): Promise<never> {
    await this.listenRoute.handle(message, exchange);
    throw new AnsweredError();
  }

  private admits(
    message: McpRequest,
    { request, response, caller }: Arrival,
  ): boolean {
    const { gate, parameterHeaders } = this.options;
    const error = parameterHeaders.check(message, request.headers);
    if (error) refuse(response, 400, error, message.id);
    return !error && gate.authorize(message, caller, request, response);
  }

  private report(error: unknown): void {
    if (isRefusal(error)) return;
    this.options.logger.error(TransportLogMessages.requestFailed, error);
  }
}
