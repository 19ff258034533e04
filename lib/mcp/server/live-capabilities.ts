import type { ServerCapabilities } from '@modelcontextprotocol/sdk/types.js';
import type { CatalogArea, McpCatalog } from '../catalog/mcp-catalog.js';

/**
 * What a server says it can do, at the moment it is asked: entries come and go
 * at run time. Own members, so that they are copied and written as JSON.
 */
export class LiveCapabilities implements ServerCapabilities {
  [member: string]: unknown;
  readonly tools = {};
  readonly logging = {};
  declare readonly resources?: ServerCapabilities['resources'];
  declare readonly prompts?: ServerCapabilities['prompts'];
  declare readonly completions?: ServerCapabilities['completions'];

  constructor(private readonly catalog: McpCatalog) {
    Object.defineProperty(this, 'catalog', { enumerable: false });
    this.declareLive('resources', 'resources');
    this.declareLive('prompts', 'prompts');
    this.declareLive('completions', 'completion');
  }

  private declareLive(member: string, area: CatalogArea): void {
    Object.defineProperty(this, member, {
      enumerable: true,
      get: () => (this.catalog.offers(area) ? {} : undefined),
    });
  }
}
