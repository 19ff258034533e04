import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import {
  isSupportedRevision,
  revisionHeaderOf,
  SUPPORTED_REVISIONS,
} from './era.js';
import { refuse } from './refusal.js';
import type { SessionRegistry } from './session-registry.js';
import type { Session } from './session.js';
import { RETRY_AFTER_SECONDS } from './transport.constants.js';
import type { Caller, RequestId } from './transport.interfaces.js';
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

/** There are too many sessions to open, or to take over, another one. */
export function refuseFull(
  response: ServerResponse,
  id: RequestId | null = null,
): void {
  const code = JsonRpcErrorCode.ConnectionError;
  const message = TransportMessages.tooManySessions;
  refuse(response, 503, { code, message }, id, {
    'retry-after': String(RETRY_AFTER_SECONDS),
  });
}

/**
 * The session another replica opened for the caller, if it is one. `undefined`:
 * refused and answered.
 */
export async function adoptSession(
  sessions: SessionRegistry | undefined,
  id: string,
  caller: Caller,
  response: ServerResponse,
  requestId: RequestId | null = null,
): Promise<Session | undefined> {
  const adoption = sessions ? await sessions.adopt(id, caller) : 'unknown';
  if (response.destroyed) return undefined;
  if (adoption === 'unknown') refuseSession(response, requestId);
  else if (adoption === 'full') refuseFull(response, requestId);
  else return adoption;
  return undefined;
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
