import type { ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../../json-rpc.error.js';
import { isGone } from '../connection-close.js';
import { EventStream } from '../event-stream.js';
import type { KeepAlive } from '../keep-alive.js';
import { refuse } from '../refusal.js';
import type { Session } from '../session.js';
import { StreamConnection } from '../stream-connection.js';
import { RETRY_AFTER_SECONDS } from '../transport.constants.js';
import type { Caller } from '../transport.interfaces.js';
import { TransportMessages } from '../transport.messages.js';
import { isListening, parseEventId, type EventCursor } from './event-id.js';
import type { MissedEvents, SessionStreams } from './session-streams.js';
import { StreamReplay, type ReplayOutcome } from './stream-replay.js';

/**
 * Answers a GET with `Last-Event-ID`: what the client missed on that very
 * stream, and then what comes.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery
 */
export class StreamResumption {
  constructor(private readonly keepAlive: KeepAlive) {}

  async resume(
    lastEventId: string,
    { session, streams }: { session: Session; streams: SessionStreams },
    response: ServerResponse,
    caller: Caller,
  ): Promise<void> {
    const cursor = parseEventId(lastEventId);
    const missed = cursor && (await this.read(streams, cursor, response));
    if (response.headersSent || isGone(response)) return;
    if (!missed) {
      const code = JsonRpcErrorCode.ConnectionError;
      refuse(response, 400, { code, message: TransportMessages.eventsNotKept });
      return;
    }
    // The one answer that tells a client not to come back.
    if (missed.isOver && missed.messages.length === 0) {
      response.writeHead(204).end();
      return;
    }
    const events = new EventStream(response, this.keepAlive, session.id);
    const { expiresAt } = caller.principal;
    const connection = isListening(cursor.stream)
      ? new StreamConnection(events, expiresAt)
      : new StreamConnection(events, expiresAt, Infinity);
    const outcome = await new StreamReplay(streams, connection, cursor)
      .run(missed)
      .catch((): ReplayOutcome => 'lost');
    if (outcome === 'lost') connection.destroy();
    if (outcome === 'over') connection.end();
    if (outcome !== 'elsewhere') return;
    // What another replica runs can only be asked for again. What it would
    // tell who listens, this one can.
    if (!isListening(cursor.stream)) connection.end();
    else session.transport.attachStream(streams.open('listening', connection));
  }

  private async read(
    streams: SessionStreams,
    cursor: EventCursor,
    response: ServerResponse,
  ): Promise<MissedEvents | undefined> {
    try {
      return await streams.missedAfter(cursor);
    } catch {
      const code = JsonRpcErrorCode.ConnectionError;
      const message = TransportMessages.eventStoreDown;
      refuse(response, 503, { code, message }, null, {
        'retry-after': String(RETRY_AFTER_SECONDS),
      });
      return undefined;
    }
  }
}
