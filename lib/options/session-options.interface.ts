import type { McpEventStore } from '../mcp/transport/resumption/event-store.interface.js';
import type { SharedStore } from '../replicas/shared-store.interface.js';

/**
 * What a client can get that its broken connection did not deliver. Limits are
 * those of the store in memory; a `store` of yours has its own.
 *
 * @publicApi
 */
export interface ResumptionOptions {
  /**
   * Events kept of one stream.
   * @default 1000
   */
  maxEvents?: number;
  /**
   * Bytes kept of one session.
   * @default 4194304
   */
  maxBytes?: number;
  /**
   * Bytes kept of all sessions.
   * @default 67108864
   */
  maxTotalBytes?: number;
  /**
   * Milliseconds an event is kept.
   * @default 300000 (five minutes)
   */
  maxAge?: number;
  /**
   * Milliseconds after which clients should come back, told to those of revision
   * 2025-11-25.
   * @default whatever the client thinks; one second (1000) where a call lets go
   *   of its connection
   */
  retryInterval?: number;
  /**
   * Keeps events outside of this process, so that clients can come back to
   * another replica.
   * @default the memory of this process
   */
  store?: McpEventStore;
}

/**
 * How long sessions live, how many there may be, and what survives a broken
 * connection or a change of replica.
 *
 * @publicApi
 */
export interface SessionOptions {
  /**
   * Milliseconds without a request or an open stream. With a `secret`, the
   * session only leaves the memory of this replica then, and comes back with
   * its client.
   * @default 600000 (ten minutes)
   */
  idleTimeout?: number;
  /** @default 10000 */
  maxSessions?: number;
  /**
   * Sessions one caller may have at once, on one replica.
   * @default 100
   */
  maxSessionsPerCaller?: number;
  /**
   * Whether a client whose connection broke gets what it missed
   * (`Last-Event-ID`), the answers of its calls above all.
   * @default true
   */
  resumption?: boolean | ResumptionOptions;
  /**
   * Lets any replica serve any session: what there is to know of one is sealed
   * in its id, for its caller alone. At least 32 characters, the same on all
   * replicas. The first of a list seals, all of them open.
   *
   * What a running call holds, its open streams and the log level stay with the
   * replica they are at.
   * @default sessions live at the replica that opened them
   */
  secret?: string | readonly string[];
  /**
   * Milliseconds a session lives at most, whatever happens in it. Only with a
   * `secret`.
   * @default 86400000 (a day)
   */
  lifetime?: number;
  /**
   * A Keyv instance over Redis, Valkey, Postgres, … by which replicas tell each
   * other that a client ended its session. Only with a `secret`; without it, the
   * id of an ended session is still good at other replicas, for its caller and
   * until the session's lifetime is over.
   */
  revocations?: SharedStore;
}
