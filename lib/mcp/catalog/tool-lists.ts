import type { ListToolsResult } from '@modelcontextprotocol/sdk/types.js';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../../verification/principal.js';
import type { ToolCatalog } from './tool-catalog.js';
import type { Tool } from './tool.interface.js';

/** Whether a caller has every scope. */
type Permits = (principal: Principal, scopes: readonly string[]) => boolean;

/** Different lists kept at once. */
const MAX_LISTS = 256;

/** What callers see of a catalog: one list per set of visible tools. */
export class ToolLists {
  private readonly lists = new LRUCache<string, ListToolsResult>({
    max: MAX_LISTS,
  });
  private requirements: readonly (readonly string[])[] | undefined;

  /** @param permits without it, everybody sees everything */
  constructor(
    private readonly catalog: ToolCatalog,
    private readonly permits?: Permits,
  ) {}

  /** The list for a caller; the same object for all who see the same. */
  for(principal: Principal): ListToolsResult {
    const visible = this.visibilityFor(principal);
    let list = this.lists.get(visible);
    if (!list) {
      list = this.create((tool) => this.isVisible(tool, principal));
      this.lists.set(visible, list);
    }
    return list;
  }

  /** Which of the different requirements are met: as many as there are kinds. */
  private visibilityFor(principal: Principal): string {
    this.requirements ??= distinctRequirements(this.catalog.all);
    return this.requirements
      .map((scopes) => (this.permits?.(principal, scopes) === false ? 0 : 1))
      .join('');
  }

  private isVisible(tool: Tool, principal: Principal): boolean {
    return this.permits?.(principal, tool.scopes) !== false;
  }

  private create(isVisible: (tool: Tool) => boolean): ListToolsResult {
    const tools = this.catalog.all.filter(isVisible);
    return Object.freeze({
      tools: Object.freeze(tools.map(({ document }) => document)),
    }) as unknown as ListToolsResult;
  }
}

function distinctRequirements(
  tools: readonly Tool[],
): readonly (readonly string[])[] {
  const distinct = new Map(
    tools.map(({ scopes }) => [[...scopes].sort().join(' '), scopes] as const),
  );
  return [...distinct.values()];
}
