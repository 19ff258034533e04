export const REVISION = '2026-07-28';

const META = 'io.modelcontextprotocol/';
export const VERSION_META = `${META}protocolVersion`;
export const CAPABILITIES_META = `${META}clientCapabilities`;
export const INFO_META = `${META}clientInfo`;
export const LOG_META = `${META}logLevel`;
export const SERVER_META = `${META}serverInfo`;

/** A request of revision 2026-07-28. */
export function modernRequest(
  method: string,
  params: Record<string, unknown> = {},
  meta: Record<string, unknown> = {},
  id: string | number = 1,
) {
  const _meta = { [VERSION_META]: REVISION, [CAPABILITIES_META]: {}, ...meta };
  return { jsonrpc: '2.0', id, method, params: { ...params, _meta } };
}

/** The headers a client sends with a body. */
export function standardHeaders(body: any): Record<string, string> {
  const name = body?.params?.name ?? body?.params?.uri;
  return {
    'mcp-protocol-version': REVISION,
    ...(body?.method && { 'mcp-method': body.method }),
    ...(name && { 'mcp-name': name }),
  };
}

/** The messages of an event stream. */
export function eventsOf(text: string): any[] {
  return (
    text
      .split('\n')
      // An event without data only has an id to come back with.
      .filter((line) => line.startsWith('data: ') && line !== 'data: ')
      .map((line) => JSON.parse(line.slice('data: '.length)))
  );
}
