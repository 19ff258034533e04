import type { McpCatalog } from '../catalog/mcp-catalog.js';
import type { ListChange } from './change.js';
import type { ChangeFeed } from './change-feed.js';

/** Tells of every entry that comes or goes from now on. */
export function watchCatalog(
  { tools, prompts, resources, templates }: McpCatalog,
  feed: ChangeFeed,
): void {
  const tell = (type: ListChange) => () => feed.publish({ type });
  tools.onChange(tell('tools_list_changed'));
  prompts.onChange(tell('prompts_list_changed'));
  resources.onChange(tell('resources_list_changed'));
  templates.onChange(tell('resources_list_changed'));
}
