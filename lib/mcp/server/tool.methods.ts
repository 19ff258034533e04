import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { ConsentRequiredError } from '../../delegation/consent/consent-required.error.js';
import type { EntryLists } from '../catalog/entry-lists.js';
import type { EntryRegistry } from '../catalog/entry-registry.js';
import type { Tool } from '../catalog/tool.interface.js';
import type { McpContext } from '../context/mcp-context.js';
import { HandlerCall } from '../invocation/handler-call.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import {
  INVALID_RESULT,
  INVALID_TOOL_CALL,
  UNKNOWN_TOOL,
} from '../mcp.messages.js';
import { consentAnswer } from '../results/consent-answer.js';
import { isRecord } from '../results/result-shape.js';
import { toToolError } from '../results/tool-error.mapper.js';
import {
  toDataResult,
  toolError,
  toProtocolResult,
  toToolResult,
} from '../results/tool-result.mapper.js';
import type { OutputSchema } from '../schema/schema-source.interface.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import { observeCall } from './call.observer.js';
import type { HandlerRunner } from './handler.runner.js';
import type { MethodHandlers } from './method-handler.interface.js';

/** Answers `tools/list` and `tools/call`. */
export class ToolMethods {
  readonly handlers: MethodHandlers = {
    'tools/list': ({ params }, { principal }) =>
      this.lists.for(principal, params?.['cursor']),
    'tools/call': (request, context) => this.call(request, context),
  };

  constructor(
    private readonly tools: EntryRegistry<Tool>,
    private readonly lists: EntryLists<Tool>,
    private readonly runner: HandlerRunner,
  ) {}

  private call(
    { params = {} }: McpRequest,
    context: McpContext,
  ): Promise<CallToolResult> {
    const { name, arguments: rawInput } = params;
    const isCall = rawInput === undefined || isRecord(rawInput);
    if (typeof name !== 'string' || !isCall) {
      throw new JsonRpcError(JsonRpcErrorCode.InvalidParams, INVALID_TOOL_CALL);
    }
    const tool = this.tools.get(name);
    if (!tool) {
      throw new JsonRpcError(
        JsonRpcErrorCode.InvalidParams,
        UNKNOWN_TOOL(name),
      );
    }
    const call = new HandlerCall({
      kind: 'tool',
      entry: tool,
      context,
      rawInput,
    });
    return observeCall(
      this.runner.observability,
      { type: 'tool_call', name, context },
      () => this.run(tool, call),
    );
  }

  private run(tool: Tool, call: HandlerCall): Promise<CallToolResult> {
    return this.runner.run<CallToolResult>(call, {
      toResult: (value) => toResult(tool, value),
      toFailure: (error) =>
        error instanceof ConsentRequiredError
          ? consentAnswer(call, error)
          : toToolError(tool.key, error, this.runner.logger),
      toRefusal: (message) => ({ result: toolError(message) }),
    });
  }
}

function toResult(
  tool: Tool,
  value: unknown,
): CallToolResult | Promise<CallToolResult> {
  return tool.output
    ? toStructuredResult(tool, tool.output, value)
    : toToolResult(value);
}

async function toStructuredResult(
  tool: Tool,
  output: OutputSchema,
  value: unknown,
): Promise<CallToolResult> {
  const result = toProtocolResult(value);
  if (result?.isError) return result;
  // Validated before it is written: only an instance knows what to leave out.
  const outcome = await output.validate(
    result ? result.structuredContent : value,
  );
  if (!outcome.ok) throw new TypeError(INVALID_RESULT(tool.key));
  const data = toDataResult(outcome.value);
  return { ...data, ...result, structuredContent: data.structuredContent };
}
