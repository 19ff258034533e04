import { JsonRpcErrorCode } from '../../json-rpc.error.js';
import {
  INVALID_LISTEN_FILTER,
  LISTEN_ID_TOO_LONG,
  TOO_MANY_LISTENERS,
  TOO_MANY_SUBSCRIPTIONS,
} from '../../mcp.messages.js';
import type { ServerIntroduction } from '../../transport/mcp-endpoint.interface.js';
import { refuse } from '../../transport/refusal.js';
import { RETRY_AFTER_SECONDS } from '../../transport/transport.constants.js';
import type { McpRequest } from '../../transport/transport.interfaces.js';
import type { ModernExchange } from '../modern-exchange.js';
import {
  honouredPart,
  readFilter,
  type ListenFilter,
} from './listen-filter.js';
import { Listeners, type ListenersOptions } from './listeners.js';
import {
  ReadableResources,
  type ReadableResourcesOptions,
} from './readable-resources.js';

/** Characters: it is kept with the stream, and repeated with every message. */
const MAX_ID_LENGTH = 1024;

/** What the route works with. */
export interface ListenRouteOptions
  extends ServerIntroduction, ListenersOptions, ReadableResourcesOptions {
  /** Whether the caller's scopes suffice. `false`: refused and answered. */
  readonly admits: (message: McpRequest, exchange: ModernExchange) => boolean;
}

/**
 * Answers `subscriptions/listen`. What the caller lacks a scope for is refused
 * as it would be if it were read, so that the client can ask for the scope. Any
 * other resource that the caller cannot read is left out of what is agreed on.
 *
 * Not by the package, which knows nothing of callers: it neither limits what one
 * of them opens, nor gives up on one that stopped reading.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions
 */
export class ListenRoute {
  readonly listeners: Listeners;
  private readonly resources: ReadableResources;

  constructor(private readonly options: ListenRouteOptions) {
    this.listeners = new Listeners(options);
    this.resources = new ReadableResources(options);
  }

  /** Answers the exchange, now or when nothing is to be told any more. */
  async handle(message: McpRequest, exchange: ModernExchange): Promise<void> {
    const wanted = readFilter(message.params);
    const fault = this.faultOf(message, wanted);
    if (!wanted || fault !== undefined) {
      const code = JsonRpcErrorCode.InvalidParams;
      const error = { code, message: fault ?? INVALID_LISTEN_FILTER };
      exchange.refuse((response) => refuse(response, 400, error, message.id));
      return;
    }
    if (!this.options.admits(message, exchange)) return;
    if (!this.listeners.reserve(exchange)) {
      refuseForNow(message, exchange);
      return;
    }
    const filter = await this.agreeOn(wanted, message, exchange);
    if (!filter) return;
    const { caller } = exchange;
    exchange.refuse((response) =>
      this.listeners.open({ response, caller, id: message.id, filter }),
    );
  }

  private faultOf(
    { id }: McpRequest,
    filter: ListenFilter | undefined,
  ): string | undefined {
    if (String(id).length > MAX_ID_LENGTH) return LISTEN_ID_TOO_LONG;
    const { maxResources } = this.options.subscriptions;
    const count = filter?.resourceSubscriptions?.length ?? 0;
    return count > maxResources
      ? TOO_MANY_SUBSCRIPTIONS(maxResources)
      : undefined;
  }

  /** `undefined`: refused and answered. */
  private async agreeOn(
    wanted: ListenFilter,
    message: McpRequest,
    exchange: ModernExchange,
  ): Promise<ListenFilter | undefined> {
    const filter = honouredPart(wanted, this.options.capabilities);
    const { resourceSubscriptions: uris, ...lists } = filter;
    if (!uris) return lists;
    const readable = await this.resources.among(uris, message, exchange);
    if (!readable) return undefined;
    return {
      ...lists,
      ...(readable.length > 0 && { resourceSubscriptions: readable }),
    };
  }
}

function refuseForNow({ id }: McpRequest, exchange: ModernExchange): void {
  const code = JsonRpcErrorCode.ConnectionError;
  const error = { code, message: TOO_MANY_LISTENERS };
  exchange.refuse((response) =>
    refuse(response, 503, error, id, {
      'retry-after': String(RETRY_AFTER_SECONDS),
    }),
  );
}
