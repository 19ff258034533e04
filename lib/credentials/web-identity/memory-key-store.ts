import { assertStoredKeyId } from './key-id.js';
import type { KeyStore, StoredKey } from './key-store.interface.js';

/**
 * Keeps keys as long as the process lives. For tests, and for applications
 * that publish their keys under a URL the zone reads: every start makes a new
 * key.
 *
 * @publicApi
 */
export class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, StoredKey>();

  async load(keyId: string): Promise<StoredKey | undefined> {
    return this.#keys.get(keyId);
  }

  async store(key: StoredKey): Promise<boolean> {
    assertStoredKeyId(key.keyId);
    if (this.#keys.has(key.keyId)) return false;
    this.#keys.set(key.keyId, key);
    return true;
  }

  async list(): Promise<readonly string[]> {
    return [...this.#keys.keys()];
  }

  async remove(keyId: string): Promise<boolean> {
    return this.#keys.delete(keyId);
  }
}
