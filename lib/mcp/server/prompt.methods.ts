import type { GetPromptResult } from '@modelcontextprotocol/sdk/types.js';
import type { EntryLists } from '../catalog/entry-lists.js';
import type { EntryRegistry } from '../catalog/entry-registry.js';
import type { Prompt } from '../catalog/prompt.interface.js';
import type { McpContext } from '../context/mcp-context.js';
import { HandlerCall } from '../invocation/handler-call.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { INVALID_PROMPT_CALL, UNKNOWN_PROMPT } from '../mcp.messages.js';
import { toPromptResult } from '../results/prompt-result.mapper.js';
import { isRecord } from '../results/result-shape.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import { observeCall } from './call.observer.js';
import type { HandlerRunner } from './handler.runner.js';
import type { MethodHandlers } from './method-handler.interface.js';
import { protocolOutcome } from './protocol-outcome.js';

/** Answers `prompts/list` and `prompts/get`. */
export class PromptMethods {
  readonly handlers: MethodHandlers = {
    'prompts/list': ({ params }, { principal }) =>
      this.lists.for(principal, params?.['cursor']),
    'prompts/get': (request, context) => this.get(request, context),
  };

  constructor(
    private readonly prompts: EntryRegistry<Prompt>,
    private readonly lists: EntryLists<Prompt>,
    private readonly runner: HandlerRunner,
  ) {}

  private get(
    { params = {} }: McpRequest,
    context: McpContext,
  ): Promise<GetPromptResult> {
    const { name, arguments: rawInput = {} } = params;
    if (typeof name !== 'string' || !areArguments(rawInput)) {
      throw new JsonRpcError(
        JsonRpcErrorCode.InvalidParams,
        INVALID_PROMPT_CALL,
      );
    }
    const prompt = this.prompts.get(name);
    if (!prompt) {
      throw new JsonRpcError(
        JsonRpcErrorCode.InvalidParams,
        UNKNOWN_PROMPT(name),
      );
    }
    const call = new HandlerCall({
      kind: 'prompt',
      entry: prompt,
      context,
      rawInput,
    });
    const { description } = prompt.document;
    const outcome = protocolOutcome(call, this.runner.logger, (value) => ({
      ...(description && { description }),
      ...toPromptResult(value, prompt.place),
    }));
    return observeCall(
      this.runner.observability,
      { type: 'prompt_get', name, context },
      () => this.runner.run<GetPromptResult>(call, outcome),
    );
  }
}

function areArguments(value: unknown): value is Record<string, string> {
  return (
    isRecord(value) &&
    Object.values(value).every((argument) => typeof argument === 'string')
  );
}
