import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { TransportMessages } from '../transport/transport.messages.js';

/** Whether a value can be written as JSON. */
export function isWritable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

/** What the client is told of everything that must not be told. */
export function internalError(): JsonRpcError {
  return new JsonRpcError(
    JsonRpcErrorCode.InternalError,
    TransportMessages.internalError,
  );
}
