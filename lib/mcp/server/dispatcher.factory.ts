import { EntryLists } from '../catalog/entry-lists.js';
import type { McpCatalog } from '../catalog/mcp-catalog.js';
import { CompletionMethods } from './completion.methods.js';
import {
  HandlerRunner,
  type HandlerRunnerDependencies,
} from './handler.runner.js';
import { McpDispatcher } from './mcp.dispatcher.js';
import { PromptMethods } from './prompt.methods.js';
import { ResourceLists } from './resource-lists.js';
import { ResourceMethods } from './resource.methods.js';
import { SubscriptionMethods } from './subscription.methods.js';
import { ToolMethods } from './tool.methods.js';

/** What a dispatcher is made of. */
export interface DispatcherInit extends HandlerRunnerDependencies {
  readonly catalog: McpCatalog;
  /** Milliseconds; 0 means no limit. */
  readonly callTimeout: number;
  /** Entries on a page of a list. */
  readonly pageSize: number;
  /** Whether what the caller has no scope for is left out of lists. */
  readonly filtersLists: boolean;
}

/** Puts together what answers for a catalog. */
export function createDispatcher(init: DispatcherInit): McpDispatcher {
  const { catalog, callTimeout, pageSize, permits, filtersLists } = init;
  const { tools, prompts } = catalog;
  const runner = new HandlerRunner(init);
  const lists = { pageSize, ...(filtersLists && { permits }) };
  const resources = new ResourceMethods(
    catalog,
    new ResourceLists(catalog, lists, runner),
    runner,
  ).handlers;
  return new McpDispatcher(catalog, callTimeout, {
    ...new ToolMethods(
      tools,
      new EntryLists(tools, { ...lists, member: 'tools' }),
      runner,
    ).handlers,
    ...resources,
    ...new SubscriptionMethods(resources['resources/read']!).handlers,
    ...new PromptMethods(
      prompts,
      new EntryLists(prompts, { ...lists, member: 'prompts' }),
      runner,
    ).handlers,
    ...new CompletionMethods(catalog, runner).handlers,
  });
}
