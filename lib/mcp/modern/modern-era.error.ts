/**
 * The application asks for revision 2026-07-28 and lacks what it takes.
 *
 * @publicApi
 */
export class ModernEraError extends Error {
  override readonly name = 'ModernEraError';
  readonly code = 'ERR_MCP_MODERN_ERA';
}
