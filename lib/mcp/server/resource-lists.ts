import type { Resource as ResourceDocument } from '@modelcontextprotocol/sdk/types.js';
import type { Principal } from '../../verification/principal.js';
import {
  EntryLists,
  type ListResult,
  type Permits,
} from '../catalog/entry-lists.js';
import type { McpCatalog } from '../catalog/mcp-catalog.js';
import { pageOf } from '../catalog/page.js';
import type {
  Resource,
  ResourceTemplate,
} from '../catalog/resource.interface.js';
import type { McpContext } from '../context/mcp-context.js';
import { HandlerCall } from '../invocation/handler-call.js';
import { toResourceList } from '../results/resource-list.mapper.js';
import type { HandlerRunner } from './handler.runner.js';
import { protocolOutcome } from './protocol-outcome.js';

/** What decides over the lists. */
export interface ResourceListOptions {
  /** Resources on a page. */
  readonly pageSize: number;
  /** Without it, everybody sees everything. */
  readonly permits?: Permits;
}

/**
 * Which resources and templates there are. Those of a template are asked for:
 * whose they are is for the application to tell.
 */
export class ResourceLists {
  private readonly resources: EntryLists<Resource>;
  private readonly templates: EntryLists<ResourceTemplate>;

  constructor(
    catalog: McpCatalog,
    private readonly options: ResourceListOptions,
    private readonly runner: HandlerRunner,
  ) {
    this.resources = new EntryLists(catalog.resources, {
      ...options,
      member: 'resources',
    });
    this.templates = new EntryLists(catalog.templates, {
      ...options,
      member: 'resourceTemplates',
    });
  }

  /** @throws JsonRpcError for a cursor that is not one of ours */
  templatesFor(principal: Principal, cursor: unknown): ListResult {
    return this.templates.for(principal, cursor);
  }

  /** @throws JsonRpcError for a cursor that is not one of ours, and for methods that fail */
  resourcesFor(
    context: McpContext,
    cursor: unknown,
  ): ListResult | Promise<ListResult> {
    const { principal } = context;
    // What is shown without its scopes is not asked for: whose resources there
    // are is more than that there are any.
    const listing = this.templates
      .visibleTo(principal)
      .filter(({ list }) => list !== undefined)
      .filter(({ scopes }) => this.runner.permits(principal, scopes));
    return listing.length === 0
      ? this.resources.for(principal, cursor)
      : this.merge(listing, context, cursor);
  }

  private async merge(
    templates: readonly ResourceTemplate[],
    context: McpContext,
    cursor: unknown,
  ): Promise<ListResult> {
    const byUri = new Map<string, ResourceDocument>();
    for (const { document } of this.resources.visibleTo(context.principal)) {
      byUri.set(document.uri, document);
    }
    // One after the other: they share the request, and what it is bound to.
    for (const template of templates) {
      for (const resource of await this.ask(template, context)) {
        if (!byUri.has(resource.uri)) byUri.set(resource.uri, resource);
      }
    }
    const sorted = [...byUri.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1));
    const { pageSize } = this.options;
    const page = pageOf(sorted, ({ uri }) => uri, cursor, pageSize);
    const { items, ...next } = page;
    return { resources: items, ...next };
  }

  private ask(
    template: ResourceTemplate,
    context: McpContext,
  ): Promise<readonly ResourceDocument[]> {
    const handler = template.list!;
    const call = new HandlerCall({
      kind: 'resource_list',
      entry: template,
      handler,
      context,
    });
    const { document, mimeType } = template;
    const outcome = protocolOutcome(call, this.runner.logger, (value) =>
      toResourceList(value, { name: document.name, mimeType }, handler.place),
    );
    return this.runner.run(call, outcome);
  }
}
