import { declareHandler } from './handler-declaration.js';
import type { McpPromptOptions } from './mcp-prompt-options.interface.js';

/**
 * Makes a method of a provider an MCP prompt. Parameters are injected as in a
 * tool; the remaining one receives the validated arguments.
 *
 * The method returns a string (one message of the user), a message or a list of
 * them, content, or a whole `GetPromptResult`.
 *
 * @example
 * ```ts
 * @McpPrompt({ description: 'Reviews a change', input: z.object({ code: z.string() }) })
 * review({ code }: { code: string }) {
 *   return `Review this:\n${code}`;
 * }
 * ```
 * @throws McpDefinitionError on anything but a method of an instance
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts
 * @publicApi
 */
export const McpPrompt = (options: McpPromptOptions = {}): MethodDecorator =>
  declareHandler('McpPrompt', { kind: 'prompt', options });
