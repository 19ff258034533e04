import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import {
  isSupportedRevision,
  revisionHeaderOf,
  SUPPORTED_REVISIONS,
} from './era.js';
import { refuse } from './refusal.js';
import type { RequestId } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** The session a request names. */
export function sessionIdOf(request: IncomingMessage): string | undefined {
  return request.headers['mcp-session-id'] as string | undefined;
}

/**
 * The one answer to every session that is not the caller's to use: whether it
 * exists is nobody else's business.
 */
export function refuseSession(
  response: ServerResponse,
  id: RequestId | null = null,
): void {
  const code = JsonRpcErrorCode.SessionNotFound;
  const message = TransportMessages.sessionNotFound;
  refuse(response, 404, { code, message }, id);
}

/** Whether the revision in the header is spoken. `false`: refused and answered. */
export function admitsRevision(
  request: IncomingMessage,
  response: ServerResponse,
  id: RequestId | null = null,
): boolean {
  if (isSupportedRevision(revisionHeaderOf(request))) return true;
  const code = JsonRpcErrorCode.ConnectionError;
  const message = TransportMessages.unsupportedVersion(SUPPORTED_REVISIONS);
  refuse(response, 400, { code, message }, id);
  return false;
}
