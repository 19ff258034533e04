import type { Tool as ToolDocument } from '@modelcontextprotocol/sdk/types.js';
import { entryNameOf } from '../catalog/entry-name.js';
import type { Tool } from '../catalog/tool.interface.js';
import type { McpToolOptions } from '../decorators/mcp-tool-options.interface.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { NO_DESCRIPTION, UNKNOWN_INPUT_TYPE } from '../mcp.messages.js';
import { createInputSchema } from '../schema/input-schema.factory.js';
import { createOutputSchema } from '../schema/output-schema.factory.js';
import type { SchemaSource } from '../schema/schema-source.interface.js';
import { describeEntry, settingsOf } from './entry-options.js';
import type { HandlerFactory } from './handler.factory.js';
import { inputClassOf, wantsInput } from './input-source.js';
import type { DiscoveredHandler } from './mcp.explorer.js';

/** Turns declarations into tools, and refuses those that cannot work. */
export class ToolFactory {
  constructor(private readonly handlers: HandlerFactory) {}

  /** @throws McpDefinitionError, SchemaDefinitionError */
  async create(
    discovered: DiscoveredHandler,
    options: McpToolOptions,
  ): Promise<Tool> {
    const { place, method } = discovered;
    // What a method's comment says is not known at run time.
    if (!options.description?.trim()) {
      throw new McpDefinitionError(NO_DESCRIPTION(place));
    }
    const source = inputSourceOf(discovered, options);
    const input = await createInputSchema(source, { owner: place });
    const output =
      options.output &&
      (await createOutputSchema(options.output, { owner: place }));
    const handler = this.handlers.create(discovered, input);
    const settings = settingsOf(discovered, options);
    const name = entryNameOf(options.name, method, place);
    const document = Object.freeze({
      name,
      ...describeEntry(options, settings.scopes),
      inputSchema: input.jsonSchema,
      ...(output && { outputSchema: output.jsonSchema }),
      ...(options.annotations && { annotations: options.annotations }),
    });
    return {
      ...handler,
      ...settings,
      key: name,
      document: document as unknown as ToolDocument,
      output,
    };
  }
}

/** The schema of the input: as given, else the type of its parameter. */
function inputSourceOf(
  discovered: DiscoveredHandler,
  { input }: McpToolOptions,
): SchemaSource {
  if (input) return input;
  if (!wantsInput(discovered)) return undefined;
  const type = inputClassOf(discovered);
  if (type) return type;
  throw new McpDefinitionError(UNKNOWN_INPUT_TYPE(discovered.place, 'McpTool'));
}
