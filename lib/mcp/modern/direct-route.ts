import type {
  IncomingHttpHeaders,
  IncomingMessage,
  ServerResponse,
} from 'node:http';
import { MISSING_CLIENT_CAPABILITY } from '../input/client-input.error.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { readableError } from '../readable-error.js';
import { encodeAnswer } from '../transport/answer.js';
import { KeepAlive } from '../transport/keep-alive.js';
import type { ServerIntroduction } from '../transport/mcp-endpoint.interface.js';
import { encodeMessage } from '../transport/message-encoder.js';
import type { RefusalError } from '../transport/refusal.js';
import type {
  Caller,
  McpRequest,
  MethodDispatcher,
  TransportLogger,
} from '../transport/transport.interfaces.js';
import {
  TransportLogMessages,
  TransportMessages,
} from '../transport/transport.messages.js';
import { AnsweredError } from './answered.error.js';
import { DirectExchange } from './direct-exchange.js';
import { DirectRequests } from './direct-requests.js';
import type { ModernCallRunner } from './modern-call.runner.js';
import type { ModernSdk } from './modern-sdk.loader.js';
import { RESOURCE_NOT_FOUND } from './modern.constants.js';
import { ResultForm } from './result-form.js';

/** What the route works with. */
export interface DirectRouteOptions extends ServerIntroduction {
  readonly sdk: Pick<ModernSdk, 'classifyInboundRequest'>;
  readonly dispatcher: MethodDispatcher;
  readonly runner: ModernCallRunner;
  /** Milliseconds between comments on open streams; 0 sends none. */
  readonly keepAliveInterval: number;
  readonly logger: TransportLogger;
}

/** Frequent requests of the modern era, straight from node to the dispatcher. */
export class DirectRoute {
  private readonly requests: DirectRequests;
  private readonly form: ResultForm;
  private readonly keepAlive: KeepAlive;
  private readonly exchanges = new Set<DirectExchange>();

  constructor(private readonly options: DirectRouteOptions) {
    this.requests = new DirectRequests(options.sdk);
    this.form = new ResultForm(options.serverInfo);
    this.keepAlive = new KeepAlive(options.keepAliveInterval);
    this.keepAlive.start();
  }

  /** Requests that are being answered. */
  get size(): number {
    return this.exchanges.size;
  }

  /** The request, if it can be answered here. */
  find(body: unknown, headers: IncomingHttpHeaders): McpRequest | undefined {
    const message = this.requests.find(body, headers);
    return message && this.options.dispatcher.handles(message.method)
      ? message
      : undefined;
  }

  /** Answers a request that the gate let in. */
  async answer(
    message: McpRequest,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): Promise<void> {
    const { keepAlive } = this;
    const { id } = message;
    const exchange = new DirectExchange(
      request,
      response,
      caller,
      id,
      keepAlive,
    );
    this.exchanges.add(exchange);
    try {
      await this.run(message, exchange);
    } finally {
      this.exchanges.delete(exchange);
    }
  }

  /** Ends calls in flight with an error. */
  close(): void {
    this.keepAlive.stop();
    for (const exchange of this.exchanges) exchange.close();
  }

  private async run(
    message: McpRequest,
    exchange: DirectExchange,
  ): Promise<void> {
    const { runner, logger } = this.options;
    try {
      const result = await runner.run(
        message,
        exchange,
        async (method, params) => {
          const notification = { jsonrpc: '2.0', method, params };
          const text = encodeMessage(notification, logger);
          if (text !== undefined) await exchange.notify(text);
        },
      );
      this.send(message, result, exchange);
    } catch (error) {
      // Somebody answered, or nobody waits any more.
      if (error instanceof AnsweredError) return;
      if (!(error instanceof JsonRpcError)) throw error;
      const isMissing = error.code === MISSING_CLIENT_CAPABILITY;
      exchange.fail(isMissing ? 400 : 200, toWire(error));
    }
  }

  private send(
    { id, method }: McpRequest,
    result: Record<string, unknown>,
    exchange: DirectExchange,
  ): void {
    try {
      const form = this.form.complete(method, result);
      exchange.answer(encodeAnswer(id, { result: form }));
    } catch (error) {
      const { logger } = this.options;
      const text = TransportLogMessages.notSerializable(method);
      logger.error(text, readableError(error));
      const code = JsonRpcErrorCode.InternalError;
      exchange.fail(500, { code, message: TransportMessages.internalError });
    }
  }
}

/** This revision knows no error of its own for a resource that is not there. */
function toWire({ code, message, data }: JsonRpcError): RefusalError {
  const isLost = code === RESOURCE_NOT_FOUND;
  return {
    code: isLost ? JsonRpcErrorCode.InvalidParams : code,
    message,
    data,
  };
}
