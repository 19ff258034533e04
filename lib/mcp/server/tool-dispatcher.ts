import type {
  CallToolResult,
  ListToolsResult,
} from '@modelcontextprotocol/sdk/types.js';
import type { LoggerService } from '@nestjs/common';
import { ConsentRequiredError } from '../../delegation/consent/consent-required.error.js';
import { bindDelegation } from '../../delegation/request-delegation.js';
import type { TokenExchangeService } from '../../delegation/token-exchange.service.js';
import { InsufficientScopeException } from '../../guards/exceptions/insufficient-scope.exception.js';
import { toRefusal } from '../../guards/refusal.js';
import { sendJson } from '../../http/raw-route.js';
import { bindPrincipal } from '../../verification/request-principal.js';
import type { ToolCatalog } from '../catalog/tool-catalog.js';
import type { ToolLists } from '../catalog/tool-lists.js';
import type { Tool } from '../catalog/tool.interface.js';
import type { McpContext } from '../context/mcp-context.js';
import { PendingToolCall } from '../invocation/pending-tool-call.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import {
  INVALID_RESULT,
  INVALID_TOOL_CALL,
  UNKNOWN_CURSOR,
  UNKNOWN_TOOL,
} from '../mcp.messages.js';
import type { Observability } from '../../observability/observability.js';
import { consentAnswer } from '../results/consent-answer.js';
import { toToolError } from '../results/tool-error.mapper.js';
import {
  toDataResult,
  toolError,
  toProtocolResult,
  toToolResult,
} from '../results/tool-result.mapper.js';
import { observeToolCall } from './tool-call.observer.js';
import { CallRefusalError } from '../transport/call-refusal.error.js';
import type {
  McpRequest,
  MethodDispatcher,
} from '../transport/transport.interfaces.js';

const LIST = 'tools/list';
const CALL = 'tools/call';

/** What the dispatcher works with. */
export interface ToolDispatcherDependencies {
  readonly catalog: ToolCatalog;
  readonly lists: ToolLists;
  readonly exchange: TokenExchangeService;
  /** The refusal of a caller who lacks scopes that a tool asked for. */
  readonly refusalFor: (
    context: McpContext,
    scopes: readonly string[],
  ) => InsufficientScopeException;
  readonly logger: LoggerService;
  readonly observability: Observability;
  /** Milliseconds; 0 means no limit. */
  readonly callTimeout: number;
}

/** Answers `tools/list` and `tools/call` from the catalog. */
export class ToolDispatcher implements MethodDispatcher {
  constructor(private readonly dependencies: ToolDispatcherDependencies) {}

  handles(method: string): boolean {
    return method === CALL || method === LIST;
  }

  timeoutOf(request: McpRequest): number {
    return this.toolOf(request)?.timeout ?? this.dependencies.callTimeout;
  }

  dispatch(request: McpRequest, context: McpContext): unknown {
    if (request.method === LIST) return this.listTools(request, context);
    return this.callTool(request, context);
  }

  private listTools(
    { params }: McpRequest,
    { principal }: McpContext,
  ): ListToolsResult {
    if (params?.cursor !== undefined) {
      throw new JsonRpcError(JsonRpcErrorCode.InvalidParams, UNKNOWN_CURSOR);
    }
    return this.dependencies.lists.for(principal);
  }

  private callTool(
    request: McpRequest,
    context: McpContext,
  ): Promise<CallToolResult> {
    const { name, arguments: rawInput } = request.params ?? {};
    if (typeof name !== 'string' || !isArguments(rawInput)) {
      throw new JsonRpcError(JsonRpcErrorCode.InvalidParams, INVALID_TOOL_CALL);
    }
    const tool = this.toolOf(request);
    if (!tool) {
      throw new JsonRpcError(
        JsonRpcErrorCode.InvalidParams,
        UNKNOWN_TOOL(name),
      );
    }
    const call = new PendingToolCall(tool, context, context.request, rawInput);
    return observeToolCall(this.dependencies.observability, tool, context, () =>
      this.run(tool, call),
    );
  }

  private async run(
    tool: Tool,
    call: PendingToolCall,
  ): Promise<CallToolResult> {
    const { principal } = call.context;
    bindPrincipal(call.request, principal);
    bindDelegation(call.request, {
      // Nothing is exchanged for a call that is going to be refused.
      access: async (declarations, context) =>
        this.dependencies.exchange.exchangeDeclared(principal, declarations, {
          context,
          input: await call.input(),
          signal: call.context.signal,
        }),
    });
    try {
      return await this.toResult(tool, await tool.invoke(call));
    } catch (error) {
      // Nobody waits for it any more: how it then fails is its own affair.
      if (call.context.signal.aborted) throw error;
      if (error instanceof InsufficientScopeException) {
        throw this.stepUp(tool, call.context, error);
      }
      if (error instanceof ConsentRequiredError) {
        return consentAnswer(call.context, error);
      }
      return toToolError(tool.name, error, this.dependencies.logger);
    }
  }

  /** By HTTP, so that the client can ask for the scopes and try again. */
  private stepUp(
    { scopes }: Tool,
    context: McpContext,
    error: InsufficientScopeException,
  ): CallRefusalError {
    const refusal = this.dependencies.refusalFor(context, [
      ...scopes,
      ...error.scopes,
    ]);
    const { status, headers, body } = toRefusal(refusal);
    return new CallRefusalError(
      (response) => sendJson(response, status, body, headers),
      toolError(refusal.message),
    );
  }

  private async toResult(tool: Tool, value: unknown): Promise<CallToolResult> {
    if (!tool.output) return toToolResult(value);
    const result = toProtocolResult(value);
    if (result?.isError) return result;
    // Validated before it is written: only an instance knows what to leave out.
    const outcome = await tool.output.validate(
      result ? result.structuredContent : value,
    );
    if (!outcome.ok) throw new TypeError(INVALID_RESULT(tool.name));
    const data = toDataResult(outcome.value);
    return { ...data, ...result, structuredContent: data.structuredContent };
  }

  private toolOf({ method, params }: McpRequest): Tool | undefined {
    return method === CALL
      ? this.dependencies.catalog.get(params?.name)
      : undefined;
  }
}

function isArguments(value: unknown): boolean {
  if (value === undefined) return true;
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
