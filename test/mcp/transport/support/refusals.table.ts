export const ping = { jsonrpc: '2.0', id: 7, method: 'ping' };
const versions = '2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05, 2024-10-07';

const HOST =
  'Host not allowed: use the public URL of this server, or add the host to mcp.allowedHosts';
const ORIGIN =
  'Origin not allowed: to let its pages call, add it to mcp.allowedOrigins';

/** A request and its refusal. */
export interface Refusal {
  name: string;
  method?: string;
  headers?: Record<string, string | undefined>;
  body?: unknown;
  status: number;
  error: { code: number; message: string; data?: unknown };
  id?: string | number | null;
  answerHeaders?: Record<string, string>;
}

export const refusals: Refusal[] = [
  {
    name: 'a host that is not ours',
    headers: { host: 'evil.example' },
    status: 403,
    error: { code: -32000, message: HOST },
  },
  {
    name: 'an origin that is not allowed',
    headers: { origin: 'https://evil.example' },
    status: 403,
    error: { code: -32000, message: ORIGIN },
  },
  {
    name: 'the origin of a sandboxed page',
    headers: { origin: 'null' },
    status: 403,
    error: { code: -32000, message: ORIGIN },
  },
  {
    name: 'a foreign host before a missing token',
    headers: { host: 'evil.example', 'x-user': undefined },
    status: 403,
    error: { code: -32000, message: HOST },
  },
  ...['PUT', 'PATCH', 'OPTIONS'].map((method) => ({
    name: `the method ${method}`,
    method,
    status: 405,
    error: { code: -32000, message: 'Method not allowed' },
    answerHeaders: { allow: 'GET, POST, DELETE' },
  })),
  ...['GET', 'DELETE'].map((method) => ({
    name: `${method} of the modern era`,
    method,
    headers: { 'mcp-protocol-version': '2026-07-28' },
    status: 405,
    error: { code: -32000, message: 'Method not allowed' },
    answerHeaders: { allow: 'POST' },
  })),
  ...[
    undefined,
    'application/json',
    'text/event-stream',
    'text/html, image/*',
  ].map((accept) => ({
    name: `Accept: ${accept}`,
    headers: { accept },
    status: 406,
    error: {
      code: -32000,
      message: 'Accept must list application/json and text/event-stream',
    },
  })),
  ...[undefined, 'text/plain', 'application/jsonp', 'application/json+x'].map(
    (type) => ({
      name: `Content-Type: ${type}`,
      headers: { 'content-type': type },
      status: 415,
      error: { code: -32000, message: 'Content-Type must be application/json' },
    }),
  ),
  {
    name: 'Accept before Content-Type',
    headers: { accept: 'text/html', 'content-type': 'text/plain' },
    status: 406,
    error: {
      code: -32000,
      message: 'Accept must list application/json and text/event-stream',
    },
  },
  ...['', '{bad', '{"jsonrpc":"2.0"', '\u{feff}{}', 'undefined'].map(
    (body) => ({
      name: `the body ${JSON.stringify(body)}`,
      body,
      status: 400,
      error: { code: -32700, message: 'Parse error' },
    }),
  ),
  {
    name: 'a revision nobody speaks',
    headers: { 'mcp-protocol-version': '1999-01-01' },
    status: 400,
    error: {
      code: -32000,
      message: `Unsupported protocol version (supported: ${versions})`,
    },
    id: 7,
  },
  {
    name: 'a session that does not exist',
    headers: { 'mcp-session-id': 'nope' },
    status: 404,
    error: { code: -32001, message: 'Session not found' },
    id: 7,
  },
  {
    name: 'the revision before the session',
    headers: { 'mcp-session-id': 'nope', 'mcp-protocol-version': '1' },
    status: 400,
    error: {
      code: -32000,
      message: `Unsupported protocol version (supported: ${versions})`,
    },
    id: 7,
  },
  {
    name: 'the session before the shape',
    headers: { 'mcp-session-id': 'nope' },
    body: { id: 1 },
    status: 404,
    error: { code: -32001, message: 'Session not found' },
    id: 1,
  },
  ...[
    null,
    1,
    'text',
    {},
    { jsonrpc: '1.0', id: 1, method: 'ping' },
    { jsonrpc: '2.0', id: 1 },
    { jsonrpc: '2.0', id: 1, method: 5 },
    { jsonrpc: '2.0', id: 1, method: 'ping', params: [] },
    { jsonrpc: '2.0', id: 1, method: 'ping', params: null },
    { jsonrpc: '2.0', id: 1, result: 'text' },
  ].map((body) => ({
    name: `the message ${JSON.stringify(body)}`,
    body: JSON.stringify(body),
    status: 400,
    error: { code: -32600, message: 'Invalid Request' },
    id: (body as { id?: number } | null)?.id ?? null,
  })),
  ...[null, 1.5, true, {}, [1]].map((id) => ({
    name: `the id ${JSON.stringify(id)}`,
    body: { jsonrpc: '2.0', id, method: 'ping' },
    status: 400,
    error: { code: -32600, message: 'Invalid Request' },
  })),
  {
    name: 'a stream without a session',
    method: 'GET',
    status: 400,
    error: { code: -32000, message: 'Mcp-Session-Id header is required' },
  },
  {
    name: 'a stream that is not accepted as one',
    method: 'GET',
    headers: { accept: 'application/json' },
    status: 406,
    error: { code: -32000, message: 'Accept must list text/event-stream' },
  },
  {
    name: 'the stream of a session that does not exist',
    method: 'GET',
    headers: { 'mcp-session-id': 'nope' },
    status: 404,
    error: { code: -32001, message: 'Session not found' },
  },
  {
    name: 'the end of a session that does not exist',
    method: 'DELETE',
    headers: { 'mcp-session-id': 'nope' },
    status: 404,
    error: { code: -32001, message: 'Session not found' },
  },
];
