import type { ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import type { SchemaSource } from '../schema/schema-source.interface.js';
import type { McpEntryOptions } from './mcp-entry-options.interface.js';

/**
 * What a tool is, for clients and for the model.
 *
 * @publicApi
 */
export interface McpToolOptions extends McpEntryOptions {
  /**
   * 1 to 64 letters, digits, `_`, `-` and `.`.
   * @default the method's name in snake_case: `listEvents` is `list_events`
   */
  name?: string;
  /** What the tool does: how the model decides whether to call it. */
  description: string;
  /**
   * What the tool accepts: a Standard Schema (Zod, Valibot, ArkType), a class
   * with class-validator decorators, or a JSON Schema.
   * @default the type of the input parameter
   */
  input?: SchemaSource;
  /** What the tool returns as structured content. Checked on every result. */
  output?: Exclude<SchemaSource, undefined>;
  /** Hints about effects of the tool. */
  annotations?: ToolAnnotations;
}
