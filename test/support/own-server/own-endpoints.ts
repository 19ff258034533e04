import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  createMcpHandler,
  McpServer as McpServerV2,
} from '@modelcontextprotocol/server';
import { principalOf } from 'nestjs-keycard';
import { registerV1, registerV2, type OwnTools } from './own-tools.js';

/** What a controller of the user's own hands requests to. */
export type OwnEndpoint = (
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
) => Promise<void>;

const INFO = { name: 'own', version: '1.0.0' };

/** Version 1, a server for every request. */
export const createStatelessV1 =
  (tools: OwnTools): OwnEndpoint =>
  async (request, response, body) => {
    const server = new McpServerV1(INFO);
    registerV1(server, tools);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: undefined,
    });
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response, body);
  };

/** Version 1, a server for every session; a session has one caller. */
export function createSessionsV1(tools: OwnTools): OwnEndpoint {
  const sessions = new Map<string, [string, StreamableHTTPServerTransport]>();
  return async (request, response, body) => {
    const { subject } = principalOf(request);
    const id = request.headers['mcp-session-id'];
    const [owner, known] = sessions.get(String(id)) ?? [];
    if (id !== undefined && owner !== subject) {
      response.writeHead(404).end();
      return;
    }
    const transport = known ?? (await openSession(subject));
    await transport.handleRequest(request, response, body);
  };

  async function openSession(subject: string) {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, [subject, transport]),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const server = new McpServerV1(INFO);
    registerV1(server, tools);
    await server.connect(transport);
    return transport;
  }
}

/** Version 2, both eras. */
export function createBothErasV2(tools: OwnTools): OwnEndpoint {
  return toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServerV2(INFO);
      registerV2(server, tools);
      return server;
    }),
  );
}

/** All of them, for `describe.each`. */
export const OWN_ENDPOINTS: readonly [
  name: string,
  create: (tools: OwnTools) => OwnEndpoint,
][] = [
  ['version 1, stateless', createStatelessV1],
  ['version 1, in sessions', createSessionsV1],
  ['version 2', createBothErasV2],
];
