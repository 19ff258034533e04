import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { MultiplexTransport } from './multiplex-transport.js';
import type { SessionStreams } from './resumption/session-streams.js';
import type { ClientIntroduction } from './session-ids.js';
import { TransportLogMessages } from './transport.messages.js';

/** What a session is known by. */
export interface SessionIdentity {
  /** As the client names it. */
  readonly id: string;
  /** As we name it, on all replicas. */
  readonly key: string;
  /** Of the caller that opened it, and the only one to use it. */
  readonly identity: string;
  /** Milliseconds since the epoch; may be infinite. */
  readonly expiresAt: number;
}

/** What a session works with. */
export interface SessionParts {
  readonly transport: MultiplexTransport;
  readonly server: Server;
  /** Absent where broken connections are not taken up again. */
  readonly streams?: SessionStreams | undefined;
}

/** Of the first revision whose clients take events without data. */
const PRIMED_REVISION = '2025-11-25';

/** A client that sent `initialize`, between then and its DELETE. */
export class Session {
  readonly id: string;
  readonly key: string;
  readonly identity: string;
  readonly expiresAt: number;
  readonly transport: MultiplexTransport;
  readonly streams: SessionStreams | undefined;
  private revision: string | undefined;
  private readonly server: Server;
  private lastSeen = Date.now();
  private lastCheck = Date.now();
  private authorizedUntil = 0;

  constructor(known: SessionIdentity, parts: SessionParts) {
    this.id = known.id;
    this.key = known.key;
    this.identity = known.identity;
    this.expiresAt = known.expiresAt;
    this.transport = parts.transport;
    this.server = parts.server;
    this.streams = parts.streams;
  }

  /** Revision agreed on; unknown until `initialize` is answered. */
  get protocolVersion(): string | undefined {
    return this.revision;
  }

  agreeOn(revision: string): void {
    this.revision = revision;
    if (this.streams) this.streams.canPrime = revision >= PRIMED_REVISION;
  }

  /**
   * A request of its caller was let in: as long as its token is good, so is the
   * session.
   *
   * @param expiresAt of the token, in seconds since the epoch
   */
  authorize(expiresAt: number): void {
    this.authorizedUntil = Math.max(this.authorizedUntil, expiresAt);
  }

  /**
   * Whether all tokens it was used with expired so long ago, in milliseconds.
   * Calls that were let in before are brought to their end.
   */
  isUnauthorized(grace: number): boolean {
    if (this.transport.pendingCalls > 0) return false;
    return Date.now() - this.authorizedUntil * 1000 > grace;
  }

  touch(): void {
    this.lastSeen = Date.now();
  }

  /** Whether its time is up, whatever happens in it. */
  get isExpired(): boolean {
    return Date.now() >= this.expiresAt;
  }

  /** Whether nothing happened for so long, in milliseconds. */
  isIdle(timeout: number): boolean {
    if (this.transport.isBusy) this.touch();
    return Date.now() - this.lastSeen > timeout;
  }

  /** `true` once in every interval, in milliseconds. */
  claimCheck(interval: number): boolean {
    const isDue = Date.now() - this.lastCheck >= interval;
    if (isDue) this.lastCheck = Date.now();
    return isDue;
  }

  /**
   * Makes it know a client that introduced itself to another replica.
   *
   * @throws Error when that client would not be let in here
   */
  async restore(client: ClientIntroduction): Promise<void> {
    const answer = await this.transport.introduce(client);
    if (!answer || !('result' in answer)) {
      throw new Error(TransportLogMessages.sessionNotRestored);
    }
    this.agreeOn(client.protocolVersion);
  }

  async connect(): Promise<void> {
    await this.server.connect(this.transport);
  }

  /** Ends it for good. */
  async end(): Promise<void> {
    await this.server.close();
    await this.streams?.forget();
  }

  /** Lets go of it here: its client may go on with another replica. */
  async leave(): Promise<void> {
    this.transport.releaseStream();
    await this.server.close();
  }
}
