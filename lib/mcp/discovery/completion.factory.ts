import type { Completer, Completions } from '../catalog/completer.interface.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { TWO_COMPLETIONS, UNKNOWN_ARGUMENT } from '../mcp.messages.js';
import { isRecord } from '../results/result-shape.js';
import type {
  InputSchema,
  JsonSchemaObject,
} from '../schema/input-schema.interface.js';
import type { HandlerFactory } from './handler.factory.js';
import type { DiscoveredHandler } from './mcp.explorer.js';

/** What the server hands over itself needs no check. */
const TRUSTED: InputSchema = {
  jsonSchema: { type: 'object' },
  validate: (value) => ({ ok: true, value }),
};

/** Finds out how the arguments of a prompt or template are completed. */
export class CompletionFactory {
  constructor(private readonly handlers: HandlerFactory) {}

  /**
   * @param names of the arguments
   * @param companions methods that belong to the prompt or template
   * @throws McpDefinitionError when one completes an argument that is not there
   */
  create(
    names: readonly string[],
    { properties = {} }: JsonSchemaObject,
    companions: readonly DiscoveredHandler[],
  ): Completions {
    const completions = new Map<string, Completer>();
    for (const companion of companions) {
      const { declaration, place } = companion;
      if (declaration.kind !== 'completion') continue;
      const { argument } = declaration;
      if (!names.includes(argument)) {
        throw new McpDefinitionError(UNKNOWN_ARGUMENT(place, argument, names));
      }
      if (completions.has(argument)) {
        throw new McpDefinitionError(TWO_COMPLETIONS(place, argument));
      }
      completions.set(argument, this.handlers.create(companion, TRUSTED));
    }
    for (const name of names) {
      const choices = choicesOf(properties[name]);
      if (choices && !completions.has(name)) completions.set(name, choices);
    }
    return completions;
  }
}

/** The values of an enumeration. */
function choicesOf(schema: unknown): readonly string[] | undefined {
  const choices: unknown = isRecord(schema) && schema.enum;
  if (!Array.isArray(choices)) return undefined;
  return choices.filter((choice) => typeof choice === 'string');
}
