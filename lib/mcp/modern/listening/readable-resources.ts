import type { IncomingMessage } from 'node:http';
import { NO_MEMORY } from '../../input/round-memory.js';
import { CallAbortedError } from '../../transport/call-aborted.error.js';
import { CallRefusalError } from '../../transport/call-refusal.error.js';
import type {
  McpRequest,
  MethodDispatcher,
} from '../../transport/transport.interfaces.js';
import { TransportMessages } from '../../transport/transport.messages.js';
import { withDeadline } from '../deadline.js';
import { ModernCallContext } from '../modern-call-context.js';
import type { CallingExchange } from '../calling-exchange.interface.js';

/** What it takes to read. */
export interface ReadableResourcesOptions {
  readonly dispatcher: MethodDispatcher;
}

/**
 * Finds out what a caller can read, by reading it: guards and the handler
 * decide, some of them by the caller. Only who can read a resource may know
 * that it changes.
 */
export class ReadableResources {
  constructor(private readonly options: ReadableResourcesOptions) {}

  /** Those of the URIs that can be read. `undefined`: refused and answered. */
  async among(
    uris: readonly string[],
    message: McpRequest,
    exchange: CallingExchange,
  ): Promise<readonly string[] | undefined> {
    let current: ModernCallContext | undefined;
    exchange.whenAborted((reason) => current?.abort(reason));
    const readable: string[] = [];
    // One after the other: a client must not have many at work by one request.
    for (const uri of uris) {
      if (!exchange.isOpen) return undefined;
      const read = { ...message, method: 'resources/read', params: { uri } };
      const context = createContext(read, exchange);
      current = context;
      try {
        await this.read(read, context);
        readable.push(uri);
      } catch (error) {
        if (!(error instanceof CallRefusalError)) continue;
        exchange.refuse(error.write);
        return undefined;
      } finally {
        context.end();
      }
    }
    return readable;
  }

  private async read(
    request: McpRequest,
    context: ModernCallContext,
  ): Promise<void> {
    const { dispatcher } = this.options;
    await withDeadline(
      Promise.resolve(dispatcher.dispatch(request, context)),
      dispatcher.timeoutOf(request),
      () => {
        const text = TransportMessages.requestTimedOut;
        const reason = new CallAbortedError(text, 'TimeoutError');
        context.abort(reason);
        throw reason;
      },
    );
  }
}

// Guards leave notes on the request: those of one resource are not another's.
function createContext(
  message: McpRequest,
  { caller, request }: CallingExchange,
): ModernCallContext {
  return new ModernCallContext(message, {
    caller,
    request: Object.create(request) as IncomingMessage,
    memory: NO_MEMORY,
    logging: false,
    notify: async () => {},
  });
}
