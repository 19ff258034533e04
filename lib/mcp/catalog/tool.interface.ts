import type { Tool as ToolDocument } from '@modelcontextprotocol/sdk/types.js';
import type { OutputSchema } from '../schema/schema-source.interface.js';
import type { McpEntry } from './entry.interface.js';

/** One tool, ready to be listed and called. */
export interface Tool extends McpEntry {
  readonly document: ToolDocument;
  readonly output: OutputSchema | undefined;
}
