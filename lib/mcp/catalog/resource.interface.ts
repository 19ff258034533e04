import type {
  Resource as ResourceDocument,
  ResourceTemplate as ResourceTemplateDocument,
} from '@modelcontextprotocol/sdk/types.js';
import type { Completions } from './completer.interface.js';
import type { McpEntry, McpHandler } from './entry.interface.js';
import type { UriPattern } from './uri-pattern.js';

/** What resources and templates of resources have in common. */
export interface ReadableEntry extends McpEntry {
  /** Media type of the contents, where the handler does not say. */
  readonly mimeType: string | undefined;
  /** Milliseconds for which a client may keep the contents. */
  readonly timeToLive: number;
}

/** One resource with a URI of its own. */
export interface Resource extends ReadableEntry {
  readonly document: ResourceDocument;
}

/** Resources whose URIs differ in the variables of one template. */
export interface ResourceTemplate extends ReadableEntry {
  readonly document: ResourceTemplateDocument;
  readonly pattern: UriPattern;
  readonly completions: Completions;
  /** Tells which resources there are, if the application can say. */
  readonly list: McpHandler | undefined;
}
