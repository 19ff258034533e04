import type { McpContext } from '../context/mcp-context.js';
import type { McpRequest } from '../transport/transport.interfaces.js';

/** Answers one method of the protocol. */
export type MethodHandler = (
  request: McpRequest,
  context: McpContext,
) => unknown;

/** Some methods of the protocol, by their names. */
export type MethodHandlers = Readonly<Record<string, MethodHandler>>;
