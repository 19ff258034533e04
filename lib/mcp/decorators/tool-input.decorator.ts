import { defineInputParameter } from './mcp-parameter.js';

/**
 * Injects the validated input of a tool, or one property of it. The only
 * parameter of a tool that is not injected otherwise needs no decorator.
 *
 * @example
 * ```ts
 * async listEvents(@ToolInput() input: ListEventsDto) {}
 * async listEvents(@ToolInput('max') max: number) {}
 * ```
 * @publicApi
 */
export const ToolInput =
  (property?: string): ParameterDecorator =>
  (target, method, index) =>
    defineInputParameter(target, method!, index, property);
