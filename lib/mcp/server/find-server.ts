import { McpDefinitionError } from '../mcp-definition.error.js';
import { NO_SERVER } from '../mcp.messages.js';
import type { DefinedServer } from './defined-server.js';

/**
 * One of the servers of the application.
 *
 * @param wanted its path or its name; absent: that of the module
 * @throws McpDefinitionError when there is none, or more than one of the name
 */
export function findServer(
  defined: readonly DefinedServer[],
  wanted: string | undefined,
): DefinedServer {
  const found = defined.filter((one) => isWanted(one, wanted));
  const [only] = found;
  if (only && found.length === 1) return only;
  const paths = defined.map(({ config }) => config.path);
  const name = wanted === undefined ? 'of the module' : `"${wanted}"`;
  throw new McpDefinitionError(NO_SERVER(name, paths));
}

function isWanted(
  { config, owns }: DefinedServer,
  wanted: string | undefined,
): boolean {
  if (wanted === undefined) return owns === undefined;
  return wanted.startsWith('/')
    ? config.path === wanted
    : config.name === wanted;
}
