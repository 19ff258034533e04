import { defineInputParameter } from './mcp-parameter.js';

/**
 * Injects the validated input of a tool, the arguments of a prompt or the
 * variables of a resource template, or one property of them. The only parameter
 * that is not injected otherwise needs no decorator.
 *
 * @example
 * ```ts
 * async listEvents(@McpInput() input: ListEventsDto) {}
 * async listEvents(@McpInput('max') max: number) {}
 * ```
 * @publicApi
 */
export const McpInput =
  (property?: string): ParameterDecorator =>
  (target, method, index) =>
    defineInputParameter(target, method!, index, property);

/**
 * {@link McpInput}, by the name that reads well in a tool.
 *
 * @publicApi
 */
export const ToolInput = McpInput;
