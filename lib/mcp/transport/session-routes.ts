import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { onConnectionClose } from './connection-close.js';
import { EventStream } from './event-stream.js';
import type { KeepAlive } from './keep-alive.js';
import { acceptsStream } from './media-types.js';
import { refuse } from './refusal.js';
import { StreamResumption } from './resumption/stream-resumption.js';
import { admitsRevision, adoptSession, sessionIdOf } from './session-lookup.js';
import type { SessionRegistry } from './session-registry.js';
import type { Session } from './session.js';
import { StreamConnection } from './stream-connection.js';
import type { Caller } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/**
 * GET opens the stream of a session, or takes one up again; DELETE ends the
 * session.
 */
export class SessionRoutes {
  private readonly resumption: StreamResumption;

  constructor(
    private readonly sessions: SessionRegistry,
    private readonly keepAlive: KeepAlive,
  ) {
    this.resumption = new StreamResumption(keepAlive);
  }

  async openStream(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): Promise<void> {
    if (!acceptsStream(request.headers.accept)) {
      const code = JsonRpcErrorCode.ConnectionError;
      refuse(response, 406, { code, message: TransportMessages.acceptStream });
      return;
    }
    const session = await this.find(request, response, caller);
    if (!session) return;
    const { streams } = session;
    const lastEventId = request.headers['last-event-id'];
    if (streams && lastEventId) {
      const target = { session, streams };
      const id = String(lastEventId);
      await this.resumption.resume(id, target, response, caller);
    } else {
      this.listen(session, response, caller);
    }
  }

  async endSession(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): Promise<void> {
    const session = await this.find(request, response, caller);
    if (!session) return;
    await this.sessions.end(session);
    response.writeHead(200, { 'content-length': 0 }).end();
  }

  private listen(
    { id, streams, transport }: Session,
    response: ServerResponse,
    { principal }: Caller,
  ): void {
    const events = new EventStream(response, this.keepAlive, id);
    const connection = new StreamConnection(events, principal.expiresAt);
    if (streams) {
      transport.attachStream(streams.open('listening', connection));
      return;
    }
    transport.attachStream(connection);
    onConnectionClose(response, () => transport.detachStream(connection));
  }

  private async find(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ): Promise<Session | undefined> {
    if (!admitsRevision(request, response)) return undefined;
    const id = sessionIdOf(request);
    if (id === undefined) {
      const code = JsonRpcErrorCode.ConnectionError;
      const message = TransportMessages.sessionRequired;
      refuse(response, 400, { code, message });
      return undefined;
    }
    return (
      this.sessions.find(id, caller) ??
      adoptSession(this.sessions, id, caller, response)
    );
  }
}
