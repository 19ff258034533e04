import { isRecord } from '../results/result-shape.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import { completionTargetOf } from './completion-reference.js';
import { EntryRegistry } from './entry-registry.js';
import type { McpEntry } from './entry.interface.js';
import type { Prompt } from './prompt.interface.js';
import type {
  ReadableEntry,
  Resource,
  ResourceTemplate,
} from './resource.interface.js';
import type { Tool } from './tool.interface.js';
import { comparePatterns, type UriVariables } from './uri-pattern.js';

/** An area of the protocol: what its methods begin with. */
export type CatalogArea = 'tools' | 'resources' | 'prompts' | 'completion';

/** A resource, found by its URI. */
export interface FoundResource {
  readonly entry: ReadableEntry;
  readonly variables: UriVariables;
}

/** Everything one MCP server offers. */
export class McpCatalog {
  readonly tools = new EntryRegistry<Tool>();
  readonly resources = new EntryRegistry<Resource>();
  readonly templates = new EntryRegistry<ResourceTemplate>();
  readonly prompts = new EntryRegistry<Prompt>();
  private byPrecedence: readonly ResourceTemplate[] | undefined;

  constructor() {
    this.templates.onChange(() => {
      this.byPrecedence = undefined;
    });
  }

  get all(): readonly McpEntry[] {
    return [
      ...this.tools.all,
      ...this.resources.all,
      ...this.templates.all,
      ...this.prompts.all,
    ];
  }

  /** Whether there is anything of an area of the protocol. Tools always are. */
  offers(area: CatalogArea): boolean {
    const { resources, templates, prompts } = this;
    switch (area) {
      case 'resources':
        return resources.size + templates.size > 0;
      case 'prompts':
        return prompts.size > 0;
      case 'completion':
        return [...templates.all, ...prompts.all].some(
          ({ completions }) => completions.size > 0,
        );
      default:
        return true;
    }
  }

  /** A resource with this URI, else the most specific template it is one of. */
  findResource(uri: unknown): FoundResource | undefined {
    if (typeof uri !== 'string') return undefined;
    const resource = this.resources.get(uri);
    if (resource) return { entry: resource, variables: {} };
    this.byPrecedence ??= this.templates.all.toSorted((a, b) =>
      comparePatterns(a.pattern, b.pattern),
    );
    for (const template of this.byPrecedence) {
      const variables = template.pattern.match(uri);
      if (variables) return { entry: template, variables };
    }
    return undefined;
  }

  /** Adds everything of another catalog. @throws McpDefinitionError */
  include({ tools, resources, templates, prompts }: McpCatalog): void {
    for (const tool of tools.all) this.tools.add(tool);
    for (const resource of resources.all) this.resources.add(resource);
    for (const template of templates.all) this.templates.add(template);
    for (const prompt of prompts.all) this.prompts.add(prompt);
  }

  /** What the caller needs for a request, besides the scopes of the resource. */
  scopesOf(request: McpRequest): readonly string[] {
    if (request.method !== 'subscriptions/listen') {
      return this.entryOf(request)?.scopes ?? [];
    }
    const entries = subscribedUris(request).map((uri) =>
      this.findResource(uri),
    );
    return [...new Set(entries.flatMap((found) => found?.entry.scopes ?? []))];
  }

  /** What a request is about; `undefined` when it is about none of these. */
  entryOf({ method, params }: McpRequest): McpEntry | undefined {
    switch (method) {
      case 'tools/call':
        return this.tools.get(params?.['name']);
      case 'prompts/get':
        return this.prompts.get(params?.['name']);
      case 'resources/read':
      case 'resources/subscribe':
        return this.findResource(params?.['uri'])?.entry;
      case 'completion/complete':
        return completionTargetOf(this, params?.['ref']);
      default:
        return undefined;
    }
  }
}

/** Resources whose changes a client asks to be told of. */
function subscribedUris({ params }: McpRequest): readonly unknown[] {
  const filter = params?.['notifications'];
  const uris: unknown = isRecord(filter) && filter.resourceSubscriptions;
  return Array.isArray(uris) ? uris : [];
}
