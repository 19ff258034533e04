import { createParameterDecorator } from '../../parameters/injected-parameter.js';
import type { McpHandlerArguments } from '../invocation/mcp-execution-context.js';

/**
 * Injects the URI of the resource that is read, as the client sent it.
 *
 * @example
 * ```ts
 * @McpResource('files://{+path}')
 * read(@ResourceUri() uri: string) {}
 * ```
 * @publicApi
 */
export const ResourceUri = (): ParameterDecorator =>
  createParameterDecorator('resource-uri', (_data, context) => {
    const [, , call] = context.getArgs<McpHandlerArguments>();
    return call.uri;
  });
