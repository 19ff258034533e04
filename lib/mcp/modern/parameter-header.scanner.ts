import { isSecret } from '../input/form-field.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { isObject } from '../transport/message-classifier.js';
import { ModernLogMessages } from './modern.messages.js';
import type { ParameterHeader } from './parameter-header.js';

const ANNOTATION = 'x-mcp-header';
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TYPES = ['string', 'integer', 'boolean'];

/** Members of a schema whose keys are names, not keywords. */
const NAMED_SCHEMAS = [
  'patternProperties',
  'dependentSchemas',
  '$defs',
  'definitions',
];
/** Members of a schema that hold no schema, whatever they look like. */
const VALUES = ['const', 'default', 'enum', 'examples'];

/**
 * The headers a tool's input schema declares.
 *
 * @throws McpDefinitionError for a declaration that clients would not follow
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#custom-headers
 */
export function scanParameterHeaders(
  schema: unknown,
  place: string,
): readonly ParameterHeader[] {
  const found = new Map<string, ParameterHeader>();
  visit(schema, [], true);
  return [...found.values()];

  function visit(
    node: unknown,
    path: readonly string[],
    isReachable: boolean,
  ): void {
    if (Array.isArray(node)) {
      for (const element of node) visit(element, path, false);
    }
    if (!isObject(node)) return;
    if (ANNOTATION in node) declare(node, path, isReachable);
    for (const [keyword, member] of Object.entries(node)) {
      if (VALUES.includes(keyword)) continue;
      if (keyword === 'properties') visitEach(member, path, isReachable);
      else if (NAMED_SCHEMAS.includes(keyword)) visitEach(member, path, false);
      else visit(member, [...path, keyword], false);
    }
  }

  function visitEach(
    schemas: unknown,
    path: readonly string[],
    isReachable: boolean,
  ): void {
    if (!isObject(schemas)) return;
    for (const [name, child] of Object.entries(schemas)) {
      visit(child, [...path, name], isReachable);
    }
  }

  function declare(
    node: Record<string, unknown>,
    path: readonly string[],
    isReachable: boolean,
  ): void {
    const { [ANNOTATION]: name, type } = node;
    const location = path.join('.');
    if (!isReachable || path.length === 0) {
      throw new McpDefinitionError(
        ModernLogMessages.misplacedHeader(place, location),
      );
    }
    const isValid = typeof name === 'string' && TOKEN.test(name);
    if (!isValid || !TYPES.includes(type as string)) {
      throw new McpDefinitionError(
        ModernLogMessages.invalidHeader(place, location),
      );
    }
    if (isSecret(node)) {
      throw new McpDefinitionError(
        ModernLogMessages.secretHeader(place, location),
      );
    }
    const header = `mcp-param-${name.toLowerCase()}`;
    if (found.has(header)) {
      throw new McpDefinitionError(
        ModernLogMessages.duplicateHeader(place, name),
      );
    }
    found.set(header, { header, path, isNumeric: type === 'integer' });
  }
}
