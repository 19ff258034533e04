import type { Icon } from '@modelcontextprotocol/sdk/types.js';

/**
 * What tools, resources and prompts are declared with.
 *
 * @publicApi
 */
export interface McpEntryOptions {
  /** Name for people. */
  title?: string;
  /** What it is, told to the model. */
  description?: string;
  /** Images for clients to show, by `https:` or `data:` URLs. */
  icons?: readonly Icon[];
  /** Anything else for clients, under names with a prefix of your own. */
  _meta?: Readonly<Record<string, unknown>>;
  /**
   * Scopes the caller needs for it, besides those of the MCP server.
   * @default none
   */
  scopes?: string | readonly string[];
  /**
   * Milliseconds a call may take; 0 means no limit.
   * @default the server's `callTimeout`
   */
  timeout?: number;
}
