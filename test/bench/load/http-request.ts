/** A POST to an MCP endpoint, as it goes over the wire. */
export function encodePost(
  port: number,
  message: unknown,
  headers: Readonly<Record<string, string>>,
): Buffer {
  const body = JSON.stringify(message);
  const lines = Object.entries({
    host: `localhost:${port}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST /mcp HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
