import type { Annotations } from '@modelcontextprotocol/sdk/types.js';
import type { SchemaSource } from '../schema/schema-source.interface.js';
import type { McpEntryOptions } from './mcp-entry-options.interface.js';

/**
 * What a resource is, for clients.
 *
 * @publicApi
 */
export interface McpResourceOptions extends McpEntryOptions {
  /**
   * Its URI, or a URI template (RFC 6570) for many of a kind:
   * `notes://index`, `notes://{id}`.
   */
  uri: string;
  /**
   * 1 to 64 letters, digits, `_`, `-` and `.`.
   * @default the method's name in snake_case
   */
  name?: string;
  /**
   * Media type of the contents.
   * @default what the value tells: `text/plain`, `application/json` or none
   */
  mimeType?: string;
  /** Size of the contents in bytes, if it is known. */
  size?: number;
  /** For whom it is, how much it matters, when it changed. */
  annotations?: Annotations;
  /**
   * What the variables of the template must be like. They come as strings.
   * @default the type of the input parameter, where it is a class
   */
  input?: SchemaSource;
  /**
   * Milliseconds for which a client of revision 2026-07-28 may keep the contents.
   * @default 0
   */
  timeToLive?: number;
}
