import type { IncomingMessage } from 'node:http';

// Nobody reads it: paths and hosts were checked before.
const ADDRESS = 'http://localhost/';

const HEADERS = [
  'content-type',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
] as const;

/**
 * A request as the package takes it: the headers it checks, and nothing more.
 * The credentials of the caller stay where they are.
 *
 * @param signal fires when the client has gone away
 */
export function toWebRequest(
  request: IncomingMessage,
  signal: AbortSignal,
): Request {
  const headers: Record<string, string> = {};
  for (const name of HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return new Request(ADDRESS, { method: 'POST', headers, signal });
}
