import type { McpContext } from '../context/mcp-context.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import {
  INVALID_RESOURCE_CALL,
  SUBSCRIPTION_NEEDS_SESSION,
  TOO_MANY_SUBSCRIPTIONS,
} from '../mcp.messages.js';
import { CallContext } from '../transport/call-context.js';
import type { ResourceSubscriptions } from '../transport/resource-subscriptions.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import type {
  MethodHandler,
  MethodHandlers,
} from './method-handler.interface.js';

/** Answers `resources/subscribe` and `resources/unsubscribe`, which need a session. */
export class SubscriptionMethods {
  readonly handlers: MethodHandlers = {
    'resources/subscribe': (request, context) =>
      this.subscribe(request, context),
    'resources/unsubscribe': ({ params }, context) => {
      subscriptionsOf(context).delete(uriOf(params));
      return {};
    },
  };

  /** @param read answers `resources/read` */
  constructor(private readonly read: MethodHandler) {}

  // Only who can read a resource may know that it changes, and only reading it
  // tells: guards and the handler decide, some of them by the caller.
  private async subscribe(
    request: McpRequest,
    context: McpContext,
  ): Promise<object> {
    const subscriptions = subscriptionsOf(context);
    const uri = uriOf(request.params);
    if (!subscriptions.admits(uri)) throw tooMany(subscriptions);
    await this.read(request, context);
    // The caller was told that it failed by now.
    context.signal.throwIfAborted();
    if (!subscriptions.add(uri)) throw tooMany(subscriptions);
    return {};
  }
}

function subscriptionsOf(context: McpContext): ResourceSubscriptions {
  const subscriptions =
    context instanceof CallContext ? context.subscriptions : undefined;
  if (subscriptions) return subscriptions;
  throw new JsonRpcError(
    JsonRpcErrorCode.ConnectionError,
    SUBSCRIPTION_NEEDS_SESSION,
  );
}

function uriOf(params: McpRequest['params']): string {
  const uri = params?.['uri'];
  if (typeof uri === 'string') return uri;
  throw new JsonRpcError(JsonRpcErrorCode.InvalidParams, INVALID_RESOURCE_CALL);
}

function tooMany({ limit }: ResourceSubscriptions): JsonRpcError {
  return new JsonRpcError(
    JsonRpcErrorCode.InvalidRequest,
    TOO_MANY_SUBSCRIPTIONS(limit),
  );
}
