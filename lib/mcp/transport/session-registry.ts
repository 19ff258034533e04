import type { SessionLimits } from './mcp-endpoint.interface.js';
import type { Session } from './session.js';
import { SessionQuota } from './session-quota.js';
import type { Caller } from './transport.interfaces.js';

const MAX_SWEEP_INTERVAL = 30_000;

/**
 * Milliseconds a session outlives the tokens of its caller. Many clients learn
 * that a token expired by being refused, and come back with a fresh one.
 */
const REFRESH_GRACE = 60_000;

/** Makes the session of a caller, not yet connected. */
export type SessionFactory = (identity: string) => Session;

/**
 * The sessions of an endpoint. Knowing the id of a session is no right to use
 * it: only the caller that opened it may.
 */
export class SessionRegistry {
  private readonly sessions = new Map<string, Session>();
  private readonly quota: SessionQuota;
  private sweeper: NodeJS.Timeout | undefined;

  constructor(
    private readonly limits: SessionLimits,
    private readonly create: SessionFactory,
  ) {
    this.quota = new SessionQuota(limits);
  }

  start(): void {
    const interval = Math.min(this.limits.idleTimeout, MAX_SWEEP_INTERVAL);
    this.sweeper = setInterval(() => this.sweep(), interval);
    this.sweeper.unref();
  }

  get size(): number {
    return this.sessions.size;
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.sessions.values();
  }

  /** `undefined`: there are too many. */
  async open({ identity, principal }: Caller): Promise<Session | undefined> {
    if (!this.quota.take(identity)) return undefined;
    const session = this.create(identity);
    session.authorize(principal.expiresAt);
    this.sessions.set(session.id, session);
    await session.connect();
    return session;
  }

  /** Unknown, expired and someone else's all look the same. */
  find(id: string, { identity, principal }: Caller): Session | undefined {
    const session = this.sessions.get(id);
    if (session?.identity !== identity) return undefined;
    if (this.isOver(session)) {
      void this.close(session);
      return undefined;
    }
    session.touch();
    session.authorize(principal.expiresAt);
    return session;
  }

  async close(session: Session): Promise<void> {
    if (!this.sessions.delete(session.id)) return;
    this.quota.release(session.identity);
    await session.close();
  }

  async closeAll(): Promise<void> {
    clearInterval(this.sweeper);
    await Promise.all([...this].map((session) => this.close(session)));
  }

  private isOver(session: Session): boolean {
    return (
      session.isUnauthorized(REFRESH_GRACE) ||
      session.isIdle(this.limits.idleTimeout)
    );
  }

  private sweep(): void {
    for (const session of this) {
      if (this.isOver(session)) void this.close(session);
    }
  }
}
