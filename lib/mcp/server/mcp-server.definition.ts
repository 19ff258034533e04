import type { ProtectedResource } from '../../verification/protected-resource.js';
import type { DiscoveredHandler } from '../discovery/mcp.explorer.js';
import type { McpServerConfig } from './mcp-server.config.js';

/** An MCP server that is to be served. */
export interface McpServerDefinition {
  readonly config: McpServerConfig;
  readonly resource: ProtectedResource;
  /** Whether a handler belongs to this server; without it, whatever is left does. */
  readonly owns?: (handler: DiscoveredHandler) => boolean;
}
