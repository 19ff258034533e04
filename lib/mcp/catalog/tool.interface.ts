import type { Tool as ToolDocument } from '@modelcontextprotocol/sdk/types.js';
import type { McpContext } from '../context/mcp-context.js';
import type { InputSchema } from '../schema/input-schema.interface.js';
import type { OutputSchema } from '../schema/schema-source.interface.js';

/** One tool, ready to be listed and called. */
export interface Tool {
  readonly name: string;
  /** Class and method, for messages. */
  readonly place: string;
  /** As it is listed. */
  readonly document: ToolDocument;
  readonly scopes: readonly string[];
  /** Milliseconds; `undefined` means the server's default. */
  readonly timeout: number | undefined;
  readonly input: InputSchema;
  readonly output: OutputSchema | undefined;
  /** Runs guards, interceptors, pipes and the handler. */
  readonly invoke: (call: ToolCall) => Promise<unknown>;
}

/** One call of a tool. */
export interface ToolCall {
  readonly tool: Tool;
  readonly context: McpContext;
  /** The transport's request: what guards get from `switchToHttp()`. */
  readonly request: object;
  /** Arguments as the client sent them. */
  readonly rawInput: unknown;
  /**
   * The input, validated at the first use: after the guards, before the
   * grants.
   */
  input(): Promise<unknown>;
}
