import type {
  Resource as ResourceDocument,
  ResourceTemplate as ResourceTemplateDocument,
} from '@modelcontextprotocol/sdk/types.js';
import { entryNameOf } from '../catalog/entry-name.js';
import type {
  ReadableEntry,
  Resource,
  ResourceTemplate,
} from '../catalog/resource.interface.js';
import { UriPattern } from '../catalog/uri-pattern.js';
import type { McpResourceOptions } from '../decorators/mcp-resource-options.interface.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import {
  INPUT_WITHOUT_VARIABLES,
  INVALID_AMOUNT,
  INVALID_RESOURCE_URI,
  NOT_A_TEMPLATE,
  TWO_LISTS,
} from '../mcp.messages.js';
import { createInputSchema } from '../schema/input-schema.factory.js';
import type { CompletionFactory } from './completion.factory.js';
import { describeEntry, settingsOf } from './entry-options.js';
import type { HandlerFactory } from './handler.factory.js';
import { inputClassOf, wantsInput } from './input-source.js';
import type { DiscoveredHandler } from './mcp.explorer.js';
import { parseUriPattern, variablesSchema } from './uri-pattern.check.js';

/** Turns declarations into resources and templates, and refuses those that cannot work. */
export class ResourceFactory {
  constructor(
    private readonly handlers: HandlerFactory,
    private readonly completions: CompletionFactory,
  ) {}

  /** @throws McpDefinitionError, SchemaDefinitionError */
  async createResource(
    discovered: DiscoveredHandler,
    options: McpResourceOptions,
    companions: readonly DiscoveredHandler[],
  ): Promise<Resource> {
    const { place } = discovered;
    const { uri, size } = options;
    if (!URL.canParse(uri)) {
      throw new McpDefinitionError(INVALID_RESOURCE_URI(place, uri));
    }
    if (!isAmount(size)) {
      throw new McpDefinitionError(INVALID_AMOUNT(place, 'size'));
    }
    const [companion] = companions;
    if (companion)
      throw new McpDefinitionError(NOT_A_TEMPLATE(companion.place));
    if (options.input || wantsInput(discovered)) {
      throw new McpDefinitionError(INPUT_WITHOUT_VARIABLES(place));
    }
    const input = await createInputSchema(undefined, { owner: place });
    const { document, ...entry } = this.create(
      discovered,
      options,
      this.handlers.create(discovered, input),
    );
    return {
      ...entry,
      document: Object.freeze({
        uri,
        ...document,
        ...(size !== undefined && { size }),
      }) as unknown as ResourceDocument,
    };
  }

  /** @throws McpDefinitionError, SchemaDefinitionError */
  async createTemplate(
    discovered: DiscoveredHandler,
    options: McpResourceOptions,
    companions: readonly DiscoveredHandler[],
  ): Promise<ResourceTemplate> {
    const { place } = discovered;
    const pattern = parseUriPattern(options.uri, place);
    const source =
      options.input ?? inputClassOf(discovered) ?? variablesSchema(pattern);
    const input = await createInputSchema(source, { owner: place });
    const { document, ...entry } = this.create(
      discovered,
      options,
      this.handlers.create(discovered, input),
    );
    const { jsonSchema } = input;
    return {
      ...entry,
      document: Object.freeze({
        uriTemplate: options.uri,
        ...document,
      }) as unknown as ResourceTemplateDocument,
      pattern,
      completions: this.completions.create(
        pattern.variables,
        jsonSchema,
        companions,
      ),
      list: await this.createList(companions),
    };
  }

  static isTemplate({ uri }: McpResourceOptions): boolean {
    return UriPattern.isTemplate(uri);
  }

  private create(
    discovered: DiscoveredHandler,
    options: McpResourceOptions,
    handler: ReturnType<HandlerFactory['create']>,
  ): Omit<ReadableEntry, 'document'> & { document: Record<string, unknown> } {
    const { uri, mimeType, annotations, timeToLive = 0 } = options;
    const { place, method } = discovered;
    if (!isAmount(timeToLive)) {
      throw new McpDefinitionError(INVALID_AMOUNT(place, 'timeToLive'));
    }
    const settings = settingsOf(discovered, options);
    return {
      ...handler,
      ...settings,
      key: uri,
      mimeType,
      timeToLive,
      document: {
        name: entryNameOf(options.name, method, place),
        ...describeEntry(options, settings.scopes),
        ...(mimeType && { mimeType }),
        ...(annotations && { annotations }),
      },
    };
  }

  private async createList(
    companions: readonly DiscoveredHandler[],
  ): Promise<ResourceTemplate['list']> {
    const [list, other] = companions.filter(
      ({ declaration }) => declaration.kind === 'resource_list',
    );
    if (other) throw new McpDefinitionError(TWO_LISTS(other.place));
    if (!list) return undefined;
    const input = await createInputSchema(undefined, { owner: list.place });
    return this.handlers.create(list, input);
  }
}

/** Whether a number, if there is one, is what clients take for a count of something. */
function isAmount(value: number | undefined): boolean {
  return value === undefined || (Number.isFinite(value) && value >= 0);
}
