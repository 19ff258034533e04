import type { JWK } from 'jose';
import type { KeyAlgorithm } from './key-algorithm.js';

/**
 * A key pair as a store keeps it. Holds a secret: do not log it.
 *
 * @publicApi
 */
export interface StoredKey {
  /** The `kid`: ASCII letters, digits, `-` and `_`. */
  readonly keyId: string;
  /** Key id of the first key of the identity this one belongs to. */
  readonly identity: string;
  readonly algorithm: KeyAlgorithm;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly publicKey: JWK;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
}

/**
 * Where the key pairs of web identities are kept. Processes that share a store
 * share the keys.
 *
 * @publicApi
 */
export interface KeyStore {
  /**
   * @returns `undefined` when there is nothing under this id
   * @throws KeyStoreError when there is something, but not a whole key
   */
  load(keyId: string): Promise<StoredKey | undefined>;

  /**
   * Adds a key, whole or not at all.
   *
   * @returns `false` when the id is taken, also by another process at the same
   * moment. Nothing is ever replaced.
   */
  store(key: StoredKey): Promise<boolean>;

  /** Ids of everything there is, whole or not. */
  list(): Promise<readonly string[]>;

  /** @returns whether there was something under this id */
  remove(keyId: string): Promise<boolean>;
}
