import type { ServerResponse } from 'node:http';
import { sendJson } from '../../http/raw-route.js';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import type { RequestId, TransportLogger } from './transport.interfaces.js';
import {
  TransportLogMessages,
  TransportMessages,
} from './transport.messages.js';

/** The JSON-RPC part of a refusal. */
export interface RefusalError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Answers an HTTP request that never becomes a JSON-RPC answer of its own. */
export function refuse(
  response: ServerResponse,
  status: number,
  error: RefusalError,
  id: RequestId | null = null,
  headers?: Readonly<Record<string, string>>,
): void {
  sendJson(response, status, { jsonrpc: '2.0', id, error }, headers);
}

/**
 * The last resort for exceptions of our own code and of the gate: without it
 * one request could end the process or leave its client waiting.
 */
export function refuseFailed(
  response: ServerResponse,
  logger: TransportLogger,
  cause: unknown,
): void {
  logger.error(TransportLogMessages.requestFailed, cause);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  refuse(response, 500, {
    code: JsonRpcErrorCode.InternalError,
    message: TransportMessages.internalError,
  });
}

/** Refuses a body that is no message, or none to send here and now. */
export function refuseMessage(
  response: ServerResponse,
  message: string,
  id: RequestId | null = null,
): void {
  refuse(response, 400, { code: JsonRpcErrorCode.InvalidRequest, message }, id);
}
