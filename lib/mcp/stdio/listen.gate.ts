import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import {
  INVALID_LISTEN_FILTER,
  TOO_MANY_SUBSCRIPTIONS,
} from '../mcp.messages.js';
import { readFilter } from '../modern/listening/listen-filter.js';
import { ReadableResources } from '../modern/listening/readable-resources.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import { ModernCall } from './modern-call.js';
import type { StdioParts } from './stdio-parts.js';

/**
 * Stands in front of `subscriptions/listen`, which the package answers: only
 * who can read a resource may know that it changes. What cannot be read is left
 * out of what is agreed on.
 */
export class ListenGate {
  private readonly resources: ReadableResources;
  private readonly asked = new Map<unknown, AbortController>();

  constructor(
    private readonly parts: Pick<
      StdioParts,
      'caller' | 'dispatcher' | 'subscriptions'
    >,
  ) {
    this.resources = new ReadableResources(parts);
  }

  /**
   * The request as it may be answered; `undefined` when nobody wants an answer
   * any more.
   *
   * @throws JsonRpcError
   */
  async admit(message: McpRequest): Promise<McpRequest | undefined> {
    const { resourceSubscriptions: uris = [] } = this.filterOf(message);
    if (uris.length === 0) return message;
    const controller = new AbortController();
    this.asked.set(message.id, controller);
    const call = new ModernCall(this.parts.caller.current, controller.signal);
    try {
      const readable = await this.resources.among(uris, message, call);
      return readable && call.isOpen ? withUris(message, readable) : undefined;
    } finally {
      this.asked.delete(message.id);
    }
  }

  /** Whether a request that is cancelled was still in here. */
  cancel(id: unknown): boolean {
    const controller = this.asked.get(id);
    controller?.abort();
    return controller !== undefined;
  }

  close(): void {
    for (const controller of this.asked.values()) controller.abort();
  }

  private filterOf({ params }: McpRequest) {
    const filter = readFilter(params);
    const { maxResources } = this.parts.subscriptions;
    const count = filter?.resourceSubscriptions?.length ?? 0;
    if (filter && count <= maxResources) return filter;
    const text = filter
      ? TOO_MANY_SUBSCRIPTIONS(maxResources)
      : INVALID_LISTEN_FILTER;
    throw new JsonRpcError(JsonRpcErrorCode.InvalidParams, text);
  }
}

function withUris(
  message: McpRequest,
  resourceSubscriptions: readonly string[],
): McpRequest {
  const { params } = message;
  const notifications = {
    ...(params?.['notifications'] as object),
    resourceSubscriptions,
  };
  return { ...message, params: { ...params, notifications } };
}
