const ACCEPT = 'application/json, text/event-stream';

/** One raw POST to an MCP endpoint, and what came back. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; text: string; json: any }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: ACCEPT, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: parse(text),
  };
}

/** A JSON-RPC request. */
export const request = (
  method: string,
  params?: Record<string, unknown>,
  id: string | number = 1,
) => ({ jsonrpc: '2.0', id, method, ...(params && { params }) });

/** A JSON-RPC request that calls a tool. */
export const toolCall = (name: string, input: object = {}) =>
  request('tools/call', { name, arguments: input });

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
