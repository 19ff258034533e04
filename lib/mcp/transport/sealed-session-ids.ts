import { randomBytes } from 'node:crypto';
import { Sealer } from '../../replicas/sealer.js';
import { abridged } from './abridged-introduction.js';
import type {
  ClientIntroduction,
  RecognizedSession,
  SessionIds,
} from './session-ids.js';
import { isObject } from './message-classifier.js';
import type { SessionIdentity } from './session.js';
import type { Caller } from './transport.interfaces.js';

const PURPOSE = 'nestjs-keycard mcp session';

/** Characters: an id travels in a header, with every request. */
const MAX_ID_LENGTH = 4096;

/** What an id of a session has in it. */
interface SealedSession {
  readonly key: string;
  readonly expiresAt: number;
  readonly client: ClientIntroduction;
}

/** How ids are sealed. */
export interface SealedSessionIdsInit {
  /** The same on all replicas. The first of a list seals, all of them open. */
  readonly secret: string | readonly string[];
  /** Milliseconds that a session lives at most. */
  readonly lifetime: number;
}

/**
 * Ids that any replica with the secret can make the session of. They are worth
 * nothing to others: the caller and the resource are part of the seal, and every
 * request has to bring its own token anyway.
 */
export class SealedSessionIds implements SessionIds {
  readonly areShared = true;
  private readonly sealer: Sealer;

  /** @throws TypeError for a secret of less than 32 characters */
  constructor(private readonly init: SealedSessionIdsInit) {
    this.sealer = new Sealer({ secret: init.secret, purpose: PURPOSE });
  }

  async issue(
    caller: Caller,
    client: ClientIntroduction,
  ): Promise<SessionIdentity> {
    const key = randomBytes(16).toString('base64url');
    const expiresAt = Date.now() + this.init.lifetime;
    const content: SealedSession = { key, expiresAt, client: abridged(client) };
    const id = await this.sealer.seal(content, contextOf(caller), expiresAt);
    return { id, key, identity: caller.identity, expiresAt };
  }

  async recognize(
    id: string,
    caller: Caller,
  ): Promise<RecognizedSession | undefined> {
    if (id.length > MAX_ID_LENGTH) return undefined;
    const content = await this.sealer.open(id, contextOf(caller));
    if (!isObject(content)) return undefined;
    const { key, expiresAt, client } = content as unknown as SealedSession;
    return { id, key, expiresAt, client, identity: caller.identity };
  }
}

function contextOf({ identity, principal }: Caller): string {
  return JSON.stringify([principal.resource, identity]);
}
