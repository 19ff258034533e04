import { McpDefinitionError } from '../mcp-definition.error.js';
import { INVALID_NAME } from '../mcp.messages.js';

// What every revision and the official referee accept.
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * Name of a tool, resource or prompt: as given, else the method's name in
 * snake_case.
 *
 * @throws McpDefinitionError
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-names
 */
export function entryNameOf(
  given: string | undefined,
  method: string,
  place: string,
): string {
  const name = given ?? toSnakeCase(method);
  if (!NAME.test(name)) {
    throw new McpDefinitionError(INVALID_NAME(place, name));
  }
  return name;
}

function toSnakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
