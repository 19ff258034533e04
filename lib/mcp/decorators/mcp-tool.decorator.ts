import { declareHandler } from './handler-declaration.js';
import type { McpToolOptions } from './mcp-tool-options.interface.js';

/**
 * Makes a method of a provider an MCP tool. Parameters are injected by their
 * type: {@link AccessContext}, {@link McpContext}, {@link Principal}; the
 * remaining one receives the validated input.
 *
 * A class that overrides the method must decorate it again.
 *
 * @example
 * ```ts
 * @McpTool({ description: 'List upcoming events', scopes: 'calendar:read' })
 * @Grant('https://calendar.example.com')
 * async listEvents(input: ListEventsDto, access: AccessContext) {}
 * ```
 * @throws McpDefinitionError on anything but a method of an instance
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools
 * @publicApi
 */
export const McpTool = (options: McpToolOptions): MethodDecorator =>
  declareHandler('McpTool', { kind: 'tool', options });
