import { placeOf } from '../../parameters/decorated-method.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { NOT_A_PARAMETER } from '../mcp.messages.js';
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
 * @throws McpDefinitionError on anything but a parameter of a method of an instance
 * @publicApi
 */
export const McpInput =
  (property?: string): ParameterDecorator =>
  (target, method, index) => {
    if (typeof target !== 'object' || method === undefined) {
      const place = placeOf(target, method);
      throw new McpDefinitionError(NOT_A_PARAMETER('McpInput', place));
    }
    defineInputParameter(target, method, index, property);
  };

/**
 * {@link McpInput}, by the name that reads well in a tool.
 *
 * @publicApi
 */
export const ToolInput = McpInput;
