import type { EndedSessions } from './ended-sessions.js';
import type { SessionLimits } from './mcp-endpoint.interface.js';
import type { ClientIntroduction, SessionIds } from './session-ids.js';
import type { Session, SessionIdentity } from './session.js';
import { SessionQuota } from './session-quota.js';
import type { Caller } from './transport.interfaces.js';

const MAX_SWEEP_INTERVAL = 30_000;

/**
 * Milliseconds a session outlives the tokens of its caller. Many clients learn
 * that a token expired by being refused, and come back with a fresh one.
 */
const REFRESH_GRACE = 60_000;

/** Milliseconds between two looks at whether another replica ended a session. */
const CHECK_INTERVAL = 30_000;

/** Makes a session, not yet connected. */
export type SessionFactory = (known: SessionIdentity) => Session;

/** A session of another replica, taken over, or why it is not. */
export type Adoption = Session | 'unknown' | 'full';

/** What a registry works with. */
export interface SessionRegistryParts {
  readonly limits: SessionLimits;
  readonly ids: SessionIds;
  readonly ended: EndedSessions;
  readonly create: SessionFactory;
}

/**
 * The sessions of an endpoint. Knowing the id of a session is no right to use
 * it: only the caller that opened it may.
 */
export class SessionRegistry {
  private readonly sessions = new Map<string, Session>();
  private readonly adoptions = new Map<string, Promise<Adoption>>();
  private readonly quota: SessionQuota;
  private sweeper: NodeJS.Timeout | undefined;

  constructor(private readonly parts: SessionRegistryParts) {
    this.quota = new SessionQuota(parts.limits);
  }

  start(): void {
    const { idleTimeout } = this.parts.limits;
    const interval = Math.min(idleTimeout, MAX_SWEEP_INTERVAL);
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
  async open(
    caller: Caller,
    client: ClientIntroduction,
  ): Promise<Session | undefined> {
    return this.admit(caller, async () => {
      const known = await this.parts.ids.issue(caller, client);
      return this.connect(known);
    });
  }

  /** Unknown, expired and someone else's all look the same. */
  find(id: string, { identity, principal }: Caller): Session | undefined {
    const session = this.sessions.get(id);
    if (session?.identity !== identity) return undefined;
    if (this.isOver(session)) {
      void this.drop(session);
      return undefined;
    }
    session.touch();
    session.authorize(principal.expiresAt);
    if (this.parts.ended.isShared && session.claimCheck(CHECK_INTERVAL)) {
      void this.check(session);
    }
    return session;
  }

  /** Takes over a session that another replica opened for the caller. */
  async adopt(id: string, caller: Caller): Promise<Adoption> {
    if (!this.parts.ids.areShared) return 'unknown';
    const key = JSON.stringify([caller.identity, id]);
    const adoption =
      this.adoptions.get(key) ??
      this.restore(id, caller).finally(() => this.adoptions.delete(key));
    this.adoptions.set(key, adoption);
    return adoption;
  }

  /** Ends a session for good, and on all replicas that can be told. */
  async end(session: Session): Promise<void> {
    if (!this.remove(session)) return;
    await this.parts.ended.add(session.key, session.expiresAt);
    await session.end();
  }

  /** Lets go of a session that never came about. */
  async discard(session: Session): Promise<void> {
    if (this.remove(session)) await session.end();
  }

  async closeAll(): Promise<void> {
    clearInterval(this.sweeper);
    const sessions = [...this];
    await Promise.all(
      sessions.map(async (session) => {
        if (this.remove(session)) await session.leave();
      }),
    );
  }

  private async restore(id: string, caller: Caller): Promise<Adoption> {
    const { ids, ended } = this.parts;
    const known = await ids.recognize(id, caller);
    if (!known || (await ended.has(known.key))) return 'unknown';
    const session = await this.admit(caller, async () => {
      const restored = await this.connect(known);
      await restored.restore(known.client);
      return restored;
    });
    return session ?? 'full';
  }

  private async admit(
    { identity, principal }: Caller,
    make: () => Promise<Session>,
  ): Promise<Session | undefined> {
    if (!this.quota.take(identity)) return undefined;
    try {
      const session = await make();
      session.authorize(principal.expiresAt);
      this.sessions.set(session.id, session);
      return session;
    } catch (error) {
      this.quota.release(identity);
      throw error;
    }
  }

  private async connect(known: SessionIdentity): Promise<Session> {
    const session = this.parts.create(known);
    await session.connect();
    return session;
  }

  // Other replicas may have seen it since, so it is only forgotten here.
  private async drop(session: Session): Promise<void> {
    if (!this.remove(session)) return;
    const livesOn = this.parts.ids.areShared && !session.isExpired;
    await (livesOn ? session.leave() : session.end());
  }

  private async check(session: Session): Promise<void> {
    const hasEnded = await this.parts.ended.has(session.key);
    if (hasEnded && this.remove(session)) await session.end();
  }

  private remove(session: Session): boolean {
    if (!this.sessions.delete(session.id)) return false;
    this.quota.release(session.identity);
    return true;
  }

  private isOver(session: Session): boolean {
    return (
      session.isExpired ||
      session.isUnauthorized(REFRESH_GRACE) ||
      session.isIdle(this.parts.limits.idleTimeout)
    );
  }

  private sweep(): void {
    for (const session of this) {
      if (this.isOver(session)) void this.drop(session);
    }
  }
}
