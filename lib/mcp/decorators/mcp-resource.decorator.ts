import { declareHandler } from './handler-declaration.js';
import type { McpResourceOptions } from './mcp-resource-options.interface.js';

/**
 * Makes a method of a provider an MCP resource, or many of them by a URI
 * template. Parameters are injected as in a tool; the remaining one receives
 * the variables of the template, decoded. Check them as you check input: they
 * may hold `..` and slashes.
 *
 * The method returns a string (text), bytes (`Uint8Array`), any other JSON
 * value, or the contents as the protocol has them. `undefined` and `null` mean
 * that there is no such resource.
 *
 * @example
 * ```ts
 * @McpResource({ uri: 'notes://{id}', scopes: 'notes:read' })
 * readNote({ id }: { id: string }) {
 *   return this.notes.find(id)?.text;
 * }
 * ```
 * @throws McpDefinitionError on anything but a method of an instance
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources
 * @publicApi
 */
export const McpResource = (
  options: McpResourceOptions | string,
): MethodDecorator =>
  declareHandler('McpResource', {
    kind: 'resource',
    options: typeof options === 'string' ? { uri: options } : options,
  });
