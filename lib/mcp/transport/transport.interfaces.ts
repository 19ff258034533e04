import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../../verification/principal.js';
import type { McpContext } from '../context/mcp-context.js';

/** A JSON-RPC request id, as the client chose it. */
export type RequestId = string | number;

/** A JSON-RPC request of a client, checked for shape only. */
export interface McpRequest {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A JSON-RPC notification, checked for shape only. */
export interface McpNotification {
  readonly jsonrpc: '2.0';
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A client's answer to a request of the server, checked for shape only. */
export interface McpResponse {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
}

/** What the transport needs of a logger. */
export interface TransportLogger {
  error(message: string, cause?: unknown): void;
  warn(message: string, cause?: unknown): void;
}

/** Who sent a request, as the gate established it. */
export interface Caller {
  readonly principal: Principal;
  /** Equal for equal callers (issuer, subject, client): sessions are bound to it. */
  readonly identity: string;
}

/**
 * Answers the methods that do not need the SDK's `Server`: tools, resources,
 * prompts and completion.
 */
export interface MethodDispatcher {
  handles(method: string): boolean;
  /** Milliseconds after which the call is given up; 0 means never. */
  timeoutOf(request: McpRequest): number;
  /**
   * The JSON-RPC result, or a promise of it. Throws {@link JsonRpcError} for an
   * answer that is an error; anything else thrown is logged and answered with
   * a generic internal error.
   */
  dispatch(request: McpRequest, context: McpContext): unknown;
}

/**
 * Decides over requests before the protocol does. A refusal is written by the
 * gate itself: it knows the challenge and the body.
 */
export interface EndpointGate {
  /** Synchronous where the token is already known. `undefined`: refused and answered. */
  authenticate(
    request: IncomingMessage,
    response: ServerResponse,
  ): Caller | undefined | Promise<Caller | undefined>;
  /** Whether the caller's scopes suffice for this operation. `false`: refused and answered. */
  authorize(
    message: McpRequest,
    caller: Caller,
    request: IncomingMessage,
    response: ServerResponse,
  ): boolean;
}
