import type { Server } from '@modelcontextprotocol/server';
import { readableError } from '../readable-error.js';
import type { ServerIntroduction } from '../transport/mcp-endpoint.interface.js';
import { encodeMessage } from '../transport/message-encoder.js';
import type {
  McpRequest,
  MethodDispatcher,
  TransportLogger,
} from '../transport/transport.interfaces.js';
import { TransportLogMessages } from '../transport/transport.messages.js';
import { DISCOVER_CACHE_HINTS, withCacheHints } from './cache-hints.js';
import type { ModernCallOrigin } from './modern-call-context.js';
import { REMOVED_METHODS } from './modern.constants.js';
import { internalError, isWritable } from './writable.js';
import type { ModernCallRunner } from './modern-call.runner.js';
import type { ModernExchange } from './modern-exchange.js';
import type { ModernSdk } from './modern-sdk.loader.js';

/** What the factory works with. */
export interface ModernServerFactoryOptions extends ServerIntroduction {
  readonly sdk: Pick<ModernSdk, 'Server'>;
  readonly dispatcher: MethodDispatcher;
  readonly runner: ModernCallRunner;
  readonly logger: TransportLogger;
}

// Validates what a client answers in the 2025 era, which never comes here. Left
// out, every server would build an Ajv of its own.
const NO_VALIDATOR = {
  getValidator(): never {
    throw new Error('not of this era');
  },
};

type Notify = ModernCallOrigin['notify'];

/** Makes the package's server: one for each request, which makes it cheap. */
export class ModernServerFactory {
  private readonly init: ConstructorParameters<ModernSdk['Server']>;

  constructor(private readonly options: ModernServerFactoryOptions) {
    const { serverInfo, instructions } = options;
    this.init = [
      serverInfo,
      {
        // The package's own type of the same thing.
        capabilities: options.capabilities as object,
        cacheHints: DISCOVER_CACHE_HINTS,
        jsonSchemaValidator: NO_VALIDATOR,
        ...(instructions === undefined ? {} : { instructions }),
      },
    ];
  }

  /** A server that answers nothing but the package's own methods. */
  create(exchange: Pick<ModernExchange, 'isOpen' | 'fail'>): Server {
    const server = new this.options.sdk.Server(...this.init);
    const { logger } = this.options;
    return Object.assign(server, {
      onerror: (error: Error) => {
        // What fails after the client left is no failure of ours.
        if (!exchange.isOpen) return;
        logger.error(TransportLogMessages.requestFailed, readableError(error));
        exchange.fail();
      },
    });
  }

  /** A server that also answers this one request, if the dispatcher does. */
  createFor(message: McpRequest, exchange: ModernExchange): Server {
    const server = this.create(exchange);
    const { dispatcher, runner, logger } = this.options;
    const { method } = message;
    if (REMOVED_METHODS.includes(method)) return server;
    if (!dispatcher.handles(method)) return server;
    // Whatever the package has no handler for, that is, any method of ours.
    server.fallbackRequestHandler = async (_request, { mcpReq }) => {
      const notify: Notify = async (name, params) => {
        const notification = { jsonrpc: '2.0', method: name, params };
        const text = encodeMessage(notification, logger);
        if (text === undefined) return;
        // Handlers rarely wait for it, so it must not be a rejection either.
        await exchange
          .notify(text.length, () =>
            mcpReq.notify({ method: name, ...(params && { params }) }),
          )
          .catch((error: unknown) => {
            if (!exchange.isOpen) return;
            const dropped = TransportLogMessages.messageDropped(name);
            logger.warn(dropped, readableError(error));
          });
      };
      const result = await runner.run(message, exchange, notify);
      // Seen here, because the package may never answer when it fails to write.
      if (isWritable(result)) return withCacheHints(method, result);
      logger.error(TransportLogMessages.notSerializable(method));
      throw internalError();
    };
    return server;
  }
}
