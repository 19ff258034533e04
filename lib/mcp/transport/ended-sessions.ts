import { LRUCache } from 'lru-cache';
import { PatientStore } from '../../replicas/patient-store.js';
import type { SharedStore } from '../../replicas/shared-store.interface.js';
import type { TransportLogger } from './transport.interfaces.js';
import { TransportLogMessages } from './transport.messages.js';

const MAX_REMEMBERED = 50_000;

const KEY_PREFIX = 'nestjs-keycard:ended-session:';

/**
 * Sessions that were ended before their time, so that their ids, which are still
 * genuine, do not bring them back. Other replicas learn of it by a shared store.
 * One that is down lets them live on there: that is untidy, but lets nobody in.
 */
export class EndedSessions {
  private readonly keys = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  private readonly store: PatientStore | undefined;

  constructor(store: SharedStore | undefined, logger: TransportLogger) {
    this.store =
      store &&
      new PatientStore({
        store,
        onFailure: (name) =>
          logger.warn(TransportLogMessages.endedSessionsFailed(name)),
      });
  }

  /** Whether other replicas may know more. */
  get isShared(): boolean {
    return this.store !== undefined;
  }

  /** @param expiresAt when the id ceases to be genuine, in milliseconds */
  async add(key: string, expiresAt: number): Promise<void> {
    const ttl = Math.ceil(expiresAt - Date.now());
    if (!(ttl > 0) || ttl === Number.POSITIVE_INFINITY) return;
    this.keys.set(key, true, { ttl });
    await this.store?.set(KEY_PREFIX + key, 'ended', ttl);
  }

  async has(key: string): Promise<boolean> {
    if (this.keys.has(key)) return true;
    const found = await this.store?.get(KEY_PREFIX + key);
    return found !== undefined && found !== null;
  }
}
