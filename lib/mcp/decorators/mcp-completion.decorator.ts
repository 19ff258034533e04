import { declareHandler } from './handler-declaration.js';

/**
 * What is to be completed.
 *
 * @publicApi
 */
export interface CompletionQuery {
  /** What the user has typed so far. */
  readonly value: string;
  /** Other arguments that the user has given already. */
  readonly arguments: Readonly<Record<string, string>>;
}

/**
 * Makes a method suggest values for an argument of a prompt, or a variable of a
 * resource template, of the same class. It receives a {@link CompletionQuery}
 * and returns a list of strings, best first; clients get at most 100. It needs
 * the scopes of the prompt or template.
 *
 * Arguments whose schema is an `enum` need no such method.
 *
 * @param target the method with `@McpPrompt()` or `@McpResource()`
 * @param argument the argument or variable
 * @example
 * ```ts
 * @McpCompletion('review', 'language')
 * completeLanguage({ value }: CompletionQuery) {
 *   return LANGUAGES.filter((language) => language.startsWith(value));
 * }
 * ```
 * @throws McpDefinitionError on anything but a method of an instance
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion
 * @publicApi
 */
export const McpCompletion = (
  target: string,
  argument: string,
): MethodDecorator =>
  declareHandler('McpCompletion', { kind: 'completion', target, argument });
