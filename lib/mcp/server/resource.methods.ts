import type { ReadResourceResult } from '@modelcontextprotocol/sdk/types.js';
import { NotFoundException } from '@nestjs/common';
import type { McpCatalog } from '../catalog/mcp-catalog.js';
import type { McpContext } from '../context/mcp-context.js';
import { HandlerCall } from '../invocation/handler-call.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { INVALID_RESOURCE_CALL, UNKNOWN_RESOURCE } from '../mcp.messages.js';
import { toResourceResult } from '../results/resource-result.mapper.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import { observeCall } from './call.observer.js';
import type { HandlerRunner } from './handler.runner.js';
import type { MethodHandlers } from './method-handler.interface.js';
import { protocolOutcome } from './protocol-outcome.js';
import type { ResourceLists } from './resource-lists.js';

/** Answers `resources/list`, `resources/templates/list` and `resources/read`. */
export class ResourceMethods {
  readonly handlers: MethodHandlers = {
    'resources/list': ({ params }, context) =>
      this.lists.resourcesFor(context, params?.['cursor']),
    'resources/templates/list': ({ params }, { principal }) =>
      this.lists.templatesFor(principal, params?.['cursor']),
    'resources/read': (request, context) => this.read(request, context),
  };

  constructor(
    private readonly catalog: McpCatalog,
    private readonly lists: ResourceLists,
    private readonly runner: HandlerRunner,
  ) {}

  private read(
    { params }: McpRequest,
    context: McpContext,
  ): Promise<ReadResourceResult> {
    const uri = params?.['uri'];
    if (typeof uri !== 'string') {
      throw new JsonRpcError(
        JsonRpcErrorCode.InvalidParams,
        INVALID_RESOURCE_CALL,
      );
    }
    const found = this.catalog.findResource(uri);
    if (!found) throw notFound(uri, context);
    const { entry, variables } = found;
    const call = new HandlerCall({
      kind: 'resource',
      entry,
      context,
      rawInput: variables,
      uri,
    });
    const { mimeType, place, timeToLive } = entry;
    const outcome = protocolOutcome(call, this.runner.logger, (value) => {
      const result = toResourceResult(value, { uri, mimeType, place });
      if (!result) throw notFound(uri, context);
      return context.era === 'modern'
        ? { ttlMs: timeToLive, ...result }
        : result;
    });
    return observeCall(
      this.runner.observability,
      { type: 'resource_read', name: entry.key, context },
      () =>
        this.runner.run<ReadResourceResult>(call, {
          ...outcome,
          toFailure: (error) =>
            outcome.toFailure(
              error instanceof NotFoundException
                ? notFound(uri, context)
                : error,
            ),
        }),
    );
  }
}

/** What is not there, in the words of the caller's revision. */
function notFound(uri: string, { era }: McpContext): JsonRpcError {
  const code =
    era === 'modern'
      ? JsonRpcErrorCode.InvalidParams
      : JsonRpcErrorCode.ResourceNotFound;
  return new JsonRpcError(code, UNKNOWN_RESOURCE, { uri });
}
