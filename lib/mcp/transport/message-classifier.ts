import type {
  McpNotification,
  McpRequest,
  McpResponse,
  RequestId,
} from './transport.interfaces.js';

/** A message of a client by its kind, or that it is none. */
export type ClassifiedMessage =
  | { readonly kind: 'request'; readonly message: McpRequest }
  | { readonly kind: 'notification'; readonly message: McpNotification }
  | { readonly kind: 'response'; readonly message: McpResponse }
  | { readonly kind: 'invalid' };

const INVALID: ClassifiedMessage = { kind: 'invalid' };

/** Tells what a JSON value is in JSON-RPC, by hand because it is on every call. */
export function classifyMessage(value: unknown): ClassifiedMessage {
  if (!isObject(value) || value['jsonrpc'] !== '2.0') return INVALID;
  const message: unknown = value;
  if (typeof value['method'] !== 'string') {
    return isResponse(value)
      ? { kind: 'response', message: message as McpResponse }
      : INVALID;
  }
  if (value['params'] !== undefined && !isObject(value['params'])) {
    return INVALID;
  }
  if (!('id' in value)) {
    return { kind: 'notification', message: message as McpNotification };
  }
  return isRequestId(value['id'])
    ? { kind: 'request', message: message as McpRequest }
    : INVALID;
}

/** The id to answer a body with that may not be a message at all. */
export function requestIdOf(body: unknown): RequestId | null {
  if (!isObject(body)) return null;
  const id = body['id'];
  return isRequestId(id) ? id : null;
}

/** A JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// MCP narrows JSON-RPC: an id is never null and never fractional.
function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || Number.isSafeInteger(id);
}

function isResponse(value: Record<string, unknown>): boolean {
  if (!isRequestId(value['id'])) return false;
  return isObject(value['result']) || isObject(value['error']);
}
