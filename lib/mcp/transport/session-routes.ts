import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { EventStream } from './event-stream.js';
import type { KeepAlive } from './keep-alive.js';
import { acceptsStream } from './media-types.js';
import { refuse } from './refusal.js';
import type { Session } from './session.js';
import {
  admitsRevision,
  refuseSession,
  sessionIdOf,
} from './session-lookup.js';
import type { SessionRegistry } from './session-registry.js';
import { SessionStream } from './session-stream.js';
import type { Caller } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** GET opens the stream of a session, DELETE ends the session. */
export class SessionRoutes {
  constructor(
    private readonly sessions: SessionRegistry,
    private readonly keepAlive: KeepAlive,
  ) {}

  openStream(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): void {
    if (!acceptsStream(request.headers.accept)) {
      const code = JsonRpcErrorCode.ConnectionError;
      refuse(response, 406, { code, message: TransportMessages.acceptStream });
      return;
    }
    const session = this.find(request, response, caller);
    if (!session) return;
    const { transport } = session;
    const events = new EventStream(response, this.keepAlive, session.id);
    const stream = new SessionStream(events, caller.principal.expiresAt);
    transport.attachStream(stream);
    response.on('close', () => {
      stream.release();
      transport.detachStream(stream);
    });
  }

  async endSession(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): Promise<void> {
    const session = this.find(request, response, caller);
    if (!session) return;
    await this.sessions.close(session);
    response.writeHead(200, { 'content-length': 0 }).end();
  }

  private find(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): Session | undefined {
    if (!admitsRevision(request, response)) return undefined;
    const id = sessionIdOf(request);
    if (id === undefined) {
      const code = JsonRpcErrorCode.ConnectionError;
      const message = TransportMessages.sessionRequired;
      refuse(response, 400, { code, message });
      return undefined;
    }
    const session = this.sessions.find(id, caller);
    if (!session) refuseSession(response);
    return session;
  }
}
