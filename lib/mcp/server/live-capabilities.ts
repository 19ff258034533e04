import type { ServerCapabilities } from '@modelcontextprotocol/sdk/types.js';
import type { CatalogArea, McpCatalog } from '../catalog/mcp-catalog.js';

/**
 * What a server says it can do, at the moment it is asked: entries come and go
 * at run time. Own members, so that they are copied and written as JSON.
 */
export class LiveCapabilities implements ServerCapabilities {
  [member: string]: unknown;
  readonly tools: ServerCapabilities['tools'];
  readonly logging = {};
  declare readonly resources?: ServerCapabilities['resources'];
  declare readonly prompts?: ServerCapabilities['prompts'];
  declare readonly completions?: ServerCapabilities['completions'];

  /** @param canTell whether clients can be told of changes at all */
  constructor(
    private readonly catalog: McpCatalog,
    canTell: boolean,
  ) {
    Object.defineProperty(this, 'catalog', { enumerable: false });
    const list = canTell ? { listChanged: true } : {};
    this.tools = list;
    this.declareLive('resources', 'resources', {
      ...list,
      ...(canTell && { subscribe: true }),
    });
    this.declareLive('prompts', 'prompts', list);
    this.declareLive('completions', 'completion', {});
  }

  private declareLive(member: string, area: CatalogArea, value: object): void {
    Object.defineProperty(this, member, {
      enumerable: true,
      get: () => (this.catalog.offers(area) ? value : undefined),
    });
  }
}
