import type { Prompt as PromptDocument } from '@modelcontextprotocol/sdk/types.js';
import type { Completions } from './completer.interface.js';
import type { McpEntry } from './entry.interface.js';

/** One prompt, ready to be listed and filled in. */
export interface Prompt extends McpEntry {
  readonly document: PromptDocument;
  readonly completions: Completions;
}
