import type {
  Prompt as PromptDocument,
  PromptArgument,
} from '@modelcontextprotocol/sdk/types.js';
import { entryNameOf } from '../catalog/entry-name.js';
import type { Prompt } from '../catalog/prompt.interface.js';
import type { McpPromptOptions } from '../decorators/mcp-prompt-options.interface.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { NOT_A_STRING_ARGUMENT, UNKNOWN_INPUT_TYPE } from '../mcp.messages.js';
import { isRecord } from '../results/result-shape.js';
import { createInputSchema } from '../schema/input-schema.factory.js';
import type { JsonSchemaObject } from '../schema/input-schema.interface.js';
import type { SchemaSource } from '../schema/schema-source.interface.js';
import type { CompletionFactory } from './completion.factory.js';
import { describeEntry, settingsOf } from './entry-options.js';
import type { HandlerFactory } from './handler.factory.js';
import { inputClassOf, wantsInput } from './input-source.js';
import type { DiscoveredHandler } from './mcp.explorer.js';

/** Turns declarations into prompts, and refuses those that cannot work. */
export class PromptFactory {
  constructor(
    private readonly handlers: HandlerFactory,
    private readonly completions: CompletionFactory,
  ) {}

  /** @throws McpDefinitionError, SchemaDefinitionError */
  async create(
    discovered: DiscoveredHandler,
    options: McpPromptOptions,
    companions: readonly DiscoveredHandler[],
  ): Promise<Prompt> {
    const { place, method } = discovered;
    const source = inputSourceOf(discovered, options);
    const input = await createInputSchema(source, { owner: place });
    const handler = this.handlers.create(discovered, input);
    const settings = settingsOf(discovered, options);
    const name = entryNameOf(options.name, method, place);
    const listed = argumentsOf(input.jsonSchema, place);
    const document = Object.freeze({
      name,
      ...describeEntry(options, settings.scopes),
      ...(listed.length > 0 && { arguments: listed }),
    });
    return {
      ...handler,
      ...settings,
      key: name,
      document: document as unknown as PromptDocument,
      completions: this.completions.create(
        listed.map((argument) => argument.name),
        input.jsonSchema,
        companions,
      ),
    };
  }
}

function inputSourceOf(
  discovered: DiscoveredHandler,
  { input }: McpPromptOptions,
): SchemaSource {
  if (input) return input;
  if (!wantsInput(discovered)) return undefined;
  const type = inputClassOf(discovered);
  if (type) return type;
  throw new McpDefinitionError(
    UNKNOWN_INPUT_TYPE(discovered.place, 'McpPrompt'),
  );
}

/** The properties of the schema, as a prompt lists them. */
function argumentsOf(
  { properties = {}, required = [] }: JsonSchemaObject,
  place: string,
): PromptArgument[] {
  return Object.entries(properties).map(([name, schema]) => {
    const { title, description, type } = isRecord(schema) ? schema : {};
    // Clients send nothing but strings, and no string becomes one of these.
    if (type === 'object' || type === 'array') {
      throw new McpDefinitionError(NOT_A_STRING_ARGUMENT(place, name));
    }
    return {
      name,
      ...(typeof title === 'string' && { title }),
      ...(typeof description === 'string' && { description }),
      required: required.includes(name),
    };
  });
}
