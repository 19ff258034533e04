/**
 * MCP cannot be served over the standard streams of this process: the
 * application lacks the module or a zone, or they are in use.
 *
 * @publicApi
 */
export class StdioError extends Error {
  override readonly name = 'StdioError';
  readonly code = 'ERR_MCP_STDIO';
}
