import { LRUCache } from 'lru-cache';
import type { HttpFetch } from '../oauth/http-fetch.js';
import type { ZoneDiscovery } from '../zone/zone-discovery.js';
import { KeySet, type KeySetOptions } from './key-set.js';

const MAX_ISSUERS = 256;

/** The key sets of all issuers, one per issuer: two zones never share a key. */
export class KeySetRegistry {
  private readonly keySets = new LRUCache<string, KeySet>({ max: MAX_ISSUERS });

  constructor(
    private readonly discovery: ZoneDiscovery,
    private readonly fetch: HttpFetch,
    private readonly options: KeySetOptions = {},
  ) {}

  of(issuer: string): KeySet {
    let keySet = this.keySets.get(issuer);
    if (!keySet) {
      keySet = new KeySet(
        () => this.discovery.metadataOf(issuer),
        this.fetch,
        this.options,
      );
      this.keySets.set(issuer, keySet);
    }
    return keySet;
  }
}
