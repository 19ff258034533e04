import type { ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { McpCall, McpCallKind } from '../catalog/entry.interface.js';
import type { McpContext } from '../context/mcp-context.js';

/** What `ExecutionContext.getType()` answers in tools, resources and prompts. */
export const MCP_CONTEXT_TYPE = 'mcp';
export type McpContextType = typeof MCP_CONTEXT_TYPE;

/**
 * Arguments of the pipeline. The transport's request comes first, so that a
 * guard written for HTTP reads what the server authenticated, never the input,
 * which the model makes up. There is no response: nothing but the transport
 * may write to it.
 */
export type McpHandlerArguments = [
  request: object,
  response: undefined,
  call: McpCall,
];

/**
 * The execution context of a tool, resource or prompt, in guards and
 * interceptors.
 *
 * @example
 * ```ts
 * canActivate(context: ExecutionContext) {
 *   const mcp = McpExecutionContext.create(context);
 *   return mcp.getContext().principal.hasScopes('admin');
 * }
 * ```
 * @publicApi
 */
export class McpExecutionContext extends ExecutionContextHost {
  static create(context: ExecutionContext): McpExecutionContext {
    const created = new McpExecutionContext(
      context.getArgs(),
      context.getClass(),
      context.getHandler(),
    );
    created.setType(context.getType<McpContextType>());
    return created;
  }

  /** The MCP call. */
  getContext(): McpContext {
    return this.getCall().context;
  }

  /** What is asked of the handler. */
  getKind(): McpCallKind {
    return this.getCall().kind;
  }

  /** Name of the tool or prompt; URI, or URI template, of the resource. */
  getName(): string {
    return this.getCall().entry.key;
  }

  /** URI of the resource that is read. */
  getUri(): string | undefined {
    return this.getCall().uri;
  }

  /** Arguments as the client sent them: not validated, not to be trusted. */
  getRawArguments(): unknown {
    return this.getCall().rawInput;
  }

  private getCall(): McpCall {
    return this.getArgByIndex(2);
  }
}
