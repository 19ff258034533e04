import type { SchemaSource } from '../schema/schema-source.interface.js';
import type { McpEntryOptions } from './mcp-entry-options.interface.js';

/**
 * What a prompt is, for clients.
 *
 * @publicApi
 */
export interface McpPromptOptions extends McpEntryOptions {
  /**
   * 1 to 64 letters, digits, `_`, `-` and `.`.
   * @default the method's name in snake_case
   */
  name?: string;
  /**
   * What the prompt accepts. Clients send strings, so a property that is
   * anything else must convert them: `z.coerce.number()`, `@Type(() => Number)`.
   * @default the type of the input parameter
   */
  input?: SchemaSource;
}
