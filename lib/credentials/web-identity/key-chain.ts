import type { Warn } from '../credential-context.interface.js';
import { generationOf, keyIdOfGeneration } from './key-id.js';
import { KeyStoreError } from './key-store.error.js';
import type { KeyStore, StoredKey } from './key-store.interface.js';
import { PRIVATE_KEY_REPLACED } from './web-identity.messages.js';

/** Whose keys to read, and what to do about lost ones. */
export interface KeyChainSettings {
  readonly store: KeyStore;
  readonly identity: string;
  /** Takes lost private keys out of the store, instead of failing. */
  readonly regenerate: boolean;
  readonly warn: Warn;
}

/** What a store holds, as one identity sees it. */
export interface KeyChain {
  /** Oldest first. */
  readonly keys: readonly StoredKey[];
  /** Number of the last generation; 0 when there never was one. */
  readonly lastGeneration: number;
  /** Ids of keys that belong to others. */
  readonly others: readonly string[];
}

/**
 * Reads all keys of an identity.
 *
 * @throws KeyStoreError when one of them is not whole
 */
export async function readKeyChain(
  settings: KeyChainSettings,
): Promise<KeyChain> {
  const { store, identity } = settings;
  const generations: { generation: number; key: StoredKey }[] = [];
  const others: string[] = [];
  let lastGeneration = 0;
  for (const keyId of await store.list()) {
    const generation = generationOf(identity, keyId);
    const key =
      generation === undefined ? 'foreign' : await loadKey(settings, keyId);
    if (key === 'foreign') others.push(keyId);
    if (generation === undefined || key === 'foreign') continue;
    lastGeneration = Math.max(lastGeneration, generation);
    if (typeof key === 'object') generations.push({ generation, key });
  }
  generations.sort((a, b) => a.generation - b.generation);
  return { keys: generations.map(({ key }) => key), lastGeneration, others };
}

/** Key id for the next key: the first that nobody has. */
export function nextKeyId(
  identity: string,
  { lastGeneration, others }: KeyChain,
): string {
  for (let generation = lastGeneration + 1; ; generation += 1) {
    const keyId = keyIdOfGeneration(identity, generation);
    if (!others.includes(keyId)) return keyId;
  }
}

/** `app-2` may be the second key of `app`, or the first of `app-2`. */
async function loadKey(
  { store, identity, regenerate, warn }: KeyChainSettings,
  keyId: string,
): Promise<StoredKey | 'foreign' | 'lost' | undefined> {
  try {
    const key = await store.load(keyId);
    return key && key.identity !== identity ? 'foreign' : key;
  } catch (error) {
    const isLost =
      error instanceof KeyStoreError && error.reason === 'private_key_lost';
    if (!isLost) throw error;
    if ((error.identity ?? identity) !== identity) return 'foreign';
    if (!regenerate) throw error;
    warn(PRIVATE_KEY_REPLACED(keyId));
    await store.remove(keyId);
    return 'lost';
  }
}
