/**
 * A tool is declared in a way that cannot work. Thrown at boot; names class
 * and method, and says what to do.
 *
 * @publicApi
 */
export class McpDefinitionError extends Error {
  override readonly name = 'McpDefinitionError';
  readonly code = 'ERR_MCP_DEFINITION';
}
