/** JSON-RPC error codes the protocol uses. */
export const JsonRpcErrorCode = {
  ParseError: -32700,
  InvalidRequest: -32600,
  MethodNotFound: -32601,
  InvalidParams: -32602,
  InternalError: -32603,
  ResourceNotFound: -32002,
  SessionNotFound: -32001,
  ConnectionError: -32000,
} as const;

/**
 * An answer that is a JSON-RPC error. Code, message and data go to the client
 * as they are: they must not carry anything secret.
 *
 * @publicApi
 */
export class JsonRpcError extends Error {
  override readonly name = 'JsonRpcError';

  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
  }
}
