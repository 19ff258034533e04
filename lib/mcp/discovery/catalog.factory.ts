import { McpCatalog } from '../catalog/mcp-catalog.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { UNKNOWN_TARGET } from '../mcp.messages.js';
import type { DiscoveredHandler } from './mcp.explorer.js';
import type { PromptFactory } from './prompt.factory.js';
import { ResourceFactory } from './resource.factory.js';
import type { ToolFactory } from './tool.factory.js';

/** Turns declarations into the catalog of a server. */
export class CatalogFactory {
  constructor(
    private readonly tools: ToolFactory,
    private readonly resources: ResourceFactory,
    private readonly prompts: PromptFactory,
  ) {}

  /** @throws McpDefinitionError, SchemaDefinitionError, GrantDefinitionError */
  async create(handlers: readonly DiscoveredHandler[]): Promise<McpCatalog> {
    const catalog = new McpCatalog();
    const companions = handlers.filter(isCompanion);
    for (const companion of companions) {
      if (handlers.some((handler) => belongsTo(companion, handler))) continue;
      throw new McpDefinitionError(UNKNOWN_TARGET(companion.place));
    }
    for (const handler of handlers) {
      await this.add(
        catalog,
        handler,
        companions.filter((companion) => belongsTo(companion, handler)),
      );
    }
    return catalog;
  }

  private async add(
    catalog: McpCatalog,
    handler: DiscoveredHandler,
    companions: readonly DiscoveredHandler[],
  ): Promise<void> {
    const { declaration } = handler;
    switch (declaration.kind) {
      case 'tool': {
        const { options } = declaration;
        catalog.tools.add(await this.tools.create(handler, options));
        return;
      }
      case 'prompt': {
        const { options } = declaration;
        const prompt = this.prompts.create(handler, options, companions);
        catalog.prompts.add(await prompt);
        return;
      }
      case 'resource': {
        const { options } = declaration;
        if (ResourceFactory.isTemplate(options)) {
          catalog.templates.add(
            await this.resources.createTemplate(handler, options, companions),
          );
          return;
        }
        catalog.resources.add(
          await this.resources.createResource(handler, options, companions),
        );
        return;
      }
      default:
    }
  }
}

/** Whether a method is of no use without another. */
function isCompanion({ declaration: { kind } }: DiscoveredHandler): boolean {
  return kind === 'completion' || kind === 'resource_list';
}

function belongsTo(
  { declaration, wrapper }: DiscoveredHandler,
  { declaration: { kind }, method, wrapper: host }: DiscoveredHandler,
): boolean {
  if (!('target' in declaration)) return false;
  const isKind =
    kind === 'resource' ||
    (kind === 'prompt' && declaration.kind === 'completion');
  return isKind && declaration.target === method && wrapper === host;
}
