import { UriPattern } from '../catalog/uri-pattern.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { INVALID_URI_TEMPLATE } from '../mcp.messages.js';
import type { RawJsonSchema } from '../schema/schema-source.interface.js';

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;

/**
 * Reads a URI template that resources can be found by.
 *
 * @throws McpDefinitionError
 */
export function parseUriPattern(template: string, place: string): UriPattern {
  try {
    const pattern = new UriPattern(template);
    if (SCHEME.test(template) && pattern.isReadable) return pattern;
  } catch {
    // Why it cannot be read is of less use than what can be.
  }
  throw new McpDefinitionError(INVALID_URI_TEMPLATE(place, template));
}

/** What the variables are where nobody says more: all of them there. */
export function variablesSchema({ variables }: UriPattern): RawJsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(variables.map((name) => [name, {}])),
    required: [...variables],
  };
}
