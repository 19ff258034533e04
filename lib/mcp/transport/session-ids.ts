import { randomUUID } from 'node:crypto';
import type { Caller } from './transport.interfaces.js';
import type { SessionIdentity } from './session.js';

/** How a client introduced itself: the params of its `initialize`. */
export interface ClientIntroduction {
  readonly protocolVersion: string;
  readonly clientInfo: Readonly<Record<string, unknown>>;
  readonly capabilities: Readonly<Record<string, unknown>>;
}

/** A session that another replica opened. */
export interface RecognizedSession extends SessionIdentity {
  readonly client: ClientIntroduction;
}

/** Names sessions. */
export interface SessionIds {
  /** Whether sessions live on other replicas, too. */
  readonly areShared: boolean;
  issue(
    caller: Caller,
    client: ClientIntroduction,
  ): SessionIdentity | Promise<SessionIdentity>;
  /** `undefined` for what is not the id of a session of this caller. */
  recognize(id: string, caller: Caller): Promise<RecognizedSession | undefined>;
}

/** Ids that only this process knows. */
export class RandomSessionIds implements SessionIds {
  readonly areShared = false;

  issue({ identity }: Caller): SessionIdentity {
    const id = randomUUID();
    return { id, key: id, identity, expiresAt: Number.POSITIVE_INFINITY };
  }

  async recognize(): Promise<undefined> {}
}
