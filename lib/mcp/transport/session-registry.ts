import type { SessionLimits } from './mcp-endpoint.interface.js';
import type { Session } from './session.js';
import { SessionQuota } from './session-quota.js';

const MAX_SWEEP_INTERVAL = 30_000;

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
  async open(identity: string): Promise<Session | undefined> {
    if (!this.quota.take(identity)) return undefined;
    const session = this.create(identity);
    this.sessions.set(session.id, session);
    await session.connect();
    return session;
  }

  /** Unknown, expired and someone else's all look the same. */
  find(id: string, identity: string): Session | undefined {
    const session = this.sessions.get(id);
    if (session?.identity !== identity) return undefined;
    if (session.isIdle(this.limits.idleTimeout)) {
      void this.close(session);
      return undefined;
    }
    session.touch();
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

  private sweep(): void {
    for (const session of this) {
      if (session.isIdle(this.limits.idleTimeout)) void this.close(session);
    }
  }
}
