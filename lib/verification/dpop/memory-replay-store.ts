import { LRUCache } from 'lru-cache';
import { DpopConfigurationError } from './dpop-configuration.error.js';
import type { DpopReplayStore } from './dpop-replay-store.interface.js';
import { INVALID_CAPACITY } from './dpop.messages.js';

/** Proofs that one process remembers by default. */
const MAX_PROOFS = 100_000;

/**
 * Remembers used DPoP proofs in this process. When full, the oldest is
 * forgotten: only holders of an accepted token and its key get this far.
 *
 * @publicApi
 */
export class MemoryReplayStore implements DpopReplayStore {
  // By the clock that tells the age of proofs. One that only ever goes forward
  // would forget too early after the other was put back.
  private readonly claimedUntil: LRUCache<string, number>;

  /** @throws DpopConfigurationError */
  constructor(maxProofs: number = MAX_PROOFS) {
    if (!Number.isSafeInteger(maxProofs) || maxProofs <= 0) {
      throw new DpopConfigurationError(INVALID_CAPACITY);
    }
    this.claimedUntil = new LRUCache({ max: maxProofs });
  }

  claim(key: string, ttlMs: number): boolean {
    const now = Date.now();
    // Reading leaves the order alone: the oldest proof goes first.
    if ((this.claimedUntil.peek(key) ?? now) > now) return false;
    this.claimedUntil.set(key, now + ttlMs);
    return true;
  }
}
