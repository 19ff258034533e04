import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  InitializeRequestSchema,
  PingRequestSchema,
  SetLevelRequestSchema,
  type InitializeRequest,
  type InitializeResult,
} from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv-provider.js';
import type { McpLogLevel } from '../context/log-level.js';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { negotiatedRevision } from './era.js';
import type { ServerIntroduction } from './mcp-endpoint.interface.js';
import type { RefusalError } from './refusal.js';
import type { McpRequest } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

// A server without one builds an Ajv of its own, which costs fifty times more
// than the rest of it.
const sharedValidator = new AjvJsonSchemaValidator();

const schemas = new Map(
  Object.entries({
    initialize: InitializeRequestSchema,
    ping: PingRequestSchema,
    'logging/setLevel': SetLevelRequestSchema,
  }),
);

/**
 * Whether a request for the SDK's server is as its schema wants it. The server
 * drops some that are not without an answer.
 */
export function isProtocolRequest(request: McpRequest): boolean {
  return schemas.get(request.method)?.safeParse(request).success ?? false;
}

/** Why the SDK's server is not to answer a request; `undefined`: it is. */
export function protocolFaultOf(request: McpRequest): RefusalError | undefined {
  if (!schemas.has(request.method)) {
    const code = JsonRpcErrorCode.MethodNotFound;
    return { code, message: TransportMessages.methodNotFound };
  }
  if (isProtocolRequest(request)) return undefined;
  const code = JsonRpcErrorCode.InvalidParams;
  return { code, message: TransportMessages.invalidParams };
}

/** The server of one session: remembers its client and can ask it things. */
export function createSessionServer(
  introduction: ServerIntroduction,
  onLogLevel: (level: McpLogLevel) => void,
): Server {
  const server = createServer(introduction);
  if (introduction.capabilities.logging) {
    server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
      onLogLevel(params.level);
      return {};
    });
  }
  return server;
}

/** The server of all clients without a session: remembers nothing about any. */
export function createSharedServer(introduction: ServerIntroduction): Server {
  const server = createServer(introduction);
  server.setRequestHandler(InitializeRequestSchema, (request) =>
    introduce(introduction, request),
  );
  if (introduction.capabilities.logging) {
    server.setRequestHandler(SetLevelRequestSchema, () => ({}));
  }
  return server;
}

function createServer(introduction: ServerIntroduction): Server {
  const { serverInfo, capabilities, instructions } = introduction;
  return new Server(serverInfo, {
    capabilities,
    instructions,
    jsonSchemaValidator: sharedValidator,
    // Refuses to ask a client what it cannot answer before anything is sent.
    enforceStrictCapabilities: true,
  });
}

function introduce(
  { serverInfo, capabilities, instructions }: ServerIntroduction,
  { params }: InitializeRequest,
): InitializeResult {
  return {
    protocolVersion: negotiatedRevision(params.protocolVersion),
    capabilities,
    serverInfo,
    ...(instructions === undefined ? {} : { instructions }),
  };
}
