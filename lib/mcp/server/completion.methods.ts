import type { CompleteResult } from '@modelcontextprotocol/sdk/types.js';
import { completionTargetOf } from '../catalog/completion-reference.js';
import type { McpHandler } from '../catalog/entry.interface.js';
import type { McpCatalog } from '../catalog/mcp-catalog.js';
import type { Prompt } from '../catalog/prompt.interface.js';
import type { ResourceTemplate } from '../catalog/resource.interface.js';
import type { McpContext } from '../context/mcp-context.js';
import type { CompletionQuery } from '../decorators/mcp-completion.decorator.js';
import { HandlerCall } from '../invocation/handler-call.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { INVALID_COMPLETION } from '../mcp.messages.js';
import {
  choicesFor,
  toCompletionResult,
} from '../results/completion-result.mapper.js';
import { isRecord } from '../results/result-shape.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import type { HandlerRunner } from './handler.runner.js';
import type { MethodHandlers } from './method-handler.interface.js';
import { protocolOutcome } from './protocol-outcome.js';

/** Answers `completion/complete`. */
export class CompletionMethods {
  readonly handlers: MethodHandlers = {
    'completion/complete': (request, context) =>
      this.complete(request, context),
  };

  constructor(
    private readonly catalog: McpCatalog,
    private readonly runner: HandlerRunner,
  ) {}

  private complete(
    { params = {} }: McpRequest,
    context: McpContext,
  ): CompleteResult | Promise<CompleteResult> {
    const target = completionTargetOf(this.catalog, params['ref']);
    const { argument } = params;
    if (
      !target ||
      !isRecord(argument) ||
      typeof argument.name !== 'string' ||
      typeof argument.value !== 'string'
    ) {
      throw new JsonRpcError(
        JsonRpcErrorCode.InvalidParams,
        INVALID_COMPLETION,
      );
    }
    const { name, value } = argument;
    const completer = target.completions.get(name);
    if (!completer) return toCompletionResult([], target.place);
    if (!('invoke' in completer)) {
      return toCompletionResult(choicesFor(completer, value), target.place);
    }
    const query = { value, arguments: givenArguments(params['context']) };
    return this.ask(target, completer, query, context);
  }

  private ask(
    entry: Prompt | ResourceTemplate,
    handler: McpHandler,
    query: CompletionQuery,
    context: McpContext,
  ): Promise<CompleteResult> {
    const call = new HandlerCall({
      kind: 'completion',
      entry,
      handler,
      context,
      rawInput: query,
    });
    const outcome = protocolOutcome(call, this.runner.logger, (value) =>
      toCompletionResult(value, handler.place),
    );
    return this.runner.run(call, outcome);
  }
}

/** Arguments the user has given already. */
function givenArguments(context: unknown): Record<string, string> {
  const given = isRecord(context) ? context.arguments : undefined;
  if (!isRecord(given)) return {};
  const texts = Object.entries(given).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
