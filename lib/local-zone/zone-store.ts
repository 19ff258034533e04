const SWEEP_THRESHOLD = 20_000;

interface StoredValue {
  readonly value: unknown;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Memory of one zone. Entries expire when they are read, so there are no
 * timers that would keep the process alive.
 */
export class ZoneStore {
  private readonly entries = new Map<string, StoredValue>();

  // The caller knows what it stored under its own prefix.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  get<Value>(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (!entry) {
      return undefined;
    }
    if (entry.until <= Date.now()) {
      this.entries.delete(key);
      return undefined;
    }
    return entry.value as Value;
  }

  /** Keeps a value for `ttl` seconds, or for good when it is left out. */
  set(key: string, value: unknown, ttl?: number): void {
    if (this.entries.size > SWEEP_THRESHOLD) {
      this.sweep();
    }
    const until = ttl === undefined ? Infinity : Date.now() + ttl * 1000;
    this.entries.set(key, { value, until });
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  /** Remembers that an entry belongs to a user's grant and is revoked with it. */
  addToGrant(grantId: string, key: string): void {
    const members = this.get<Set<string>>(grantKey(grantId)) ?? new Set();
    this.set(grantKey(grantId), members.add(key));
  }

  deleteGrant(grantId: string): void {
    const members = this.get<Set<string>>(grantKey(grantId)) ?? new Set();
    for (const key of members) {
      this.entries.delete(key);
    }
    this.entries.delete(grantKey(grantId));
  }

  private sweep(): void {
    const now = Date.now();
    for (const [key, entry] of this.entries) {
      if (entry.until <= now) {
        this.entries.delete(key);
      }
    }
  }
}

function grantKey(grantId: string): string {
  return `grant:${grantId}`;
}
