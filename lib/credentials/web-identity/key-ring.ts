import type { JSONWebKeySet } from 'jose';
import { CredentialError } from '../credential.error.js';
import type { KeyAlgorithm } from './key-algorithm.js';
import {
  nextKeyId,
  readKeyChain,
  type KeyChain,
  type KeyChainSettings,
} from './key-chain.js';
import { generateKey } from './key-generator.js';
import { KeyStoreError } from './key-store.error.js';
import type { StoredKey } from './key-store.interface.js';
import {
  isRotationDue,
  publishedKeysAt,
  signingKeyAt,
  type RotationTiming,
} from './rotation-schedule.js';
import { importKey, type SigningKey } from './signing-key.js';
import {
  KEY_ID_CHANGED,
  KEYS_GONE,
  MAINTENANCE_FAILED,
  NOT_REMOVED,
  STORE_KEEPS_NOTHING,
} from './web-identity.messages.js';

/** Longest that keys of other processes stay unseen. */
const MAX_AGE = 30_000;

const MAX_ATTEMPTS = 3;

/** What a key ring is made of. */
export interface KeyRingSettings extends KeyChainSettings {
  readonly algorithm: KeyAlgorithm;
  readonly timing: RotationTiming;
}

/**
 * The keys of one identity. All there is to know about them is in the store,
 * so that restarts and other processes go on where this one is.
 */
export class KeyRing {
  /** Oldest first, never empty. */
  #keys: readonly SigningKey[] = [];
  #readAt = 0;
  #maintaining?: Promise<void>;
  #rotating?: Promise<string>;

  private constructor(private readonly settings: KeyRingSettings) {}

  /**
   * Reads the keys; makes the first one when there is none.
   *
   * @throws KeyStoreError
   */
  static async open(settings: KeyRingSettings): Promise<KeyRing> {
    const ring = new KeyRing(settings);
    const chain = await readKeyChain(settings);
    await (chain.keys.length > 0 ? ring.take(chain) : ring.createFirst(chain));
    return ring;
  }

  /** The key to sign with now. */
  async signingKey(): Promise<SigningKey> {
    await this.maintain();
    const { timing } = this.settings;
    return signingKeyAt(this.#keys, Date.now(), timing)!;
  }

  /** The keys to publish now. */
  publicKeys(): JSONWebKeySet {
    void this.maintain();
    const { timing } = this.settings;
    const keys = publishedKeysAt(this.#keys, Date.now(), timing);
    return { keys: keys.map(({ publicKey }) => ({ ...publicKey })) };
  }

  /**
   * Makes a new key and publishes it. It signs after the activation delay.
   *
   * @returns its key id
   * @throws KeyStoreError
   */
  rotate(): Promise<string> {
    this.#rotating ??= this.addKey().finally(() => {
      this.#rotating = undefined;
    });
    return this.#rotating;
  }

  private async createFirst(chain: KeyChain): Promise<void> {
    const { identity, warn } = this.settings;
    const isReplacement = chain.lastGeneration > 0;
    if (!isReplacement && chain.others.length > 0) {
      warn(KEY_ID_CHANGED(identity, chain.others));
    }
    await this.storeNext(chain);
  }

  private async addKey(): Promise<string> {
    return this.storeNext(await readKeyChain(this.settings));
  }

  /** Whoever is first makes the key; the others use it. */
  private async storeNext(chain: KeyChain): Promise<string> {
    const { identity, algorithm, store } = this.settings;
    let last = chain;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const keyId = nextKeyId(identity, last);
      await store.store(await generateKey(identity, keyId, algorithm));
      last = await readKeyChain(this.settings);
      // Not there when another identity took the name at the same moment.
      if (last.keys.some((key) => key.keyId === keyId)) {
        await this.take(last);
        return keyId;
      }
    }
    const message = STORE_KEEPS_NOTHING(identity);
    throw new KeyStoreError('unavailable', identity, message);
  }

  /** Reads the keys again now and then, and makes the key that is due. */
  private maintain(): Promise<void> {
    this.#maintaining ??= this.refresh()
      .catch((error: unknown) => this.warnAbout(error))
      .finally(() => {
        this.#maintaining = undefined;
      });
    return this.#maintaining;
  }

  private async refresh(): Promise<void> {
    const { timing, identity, warn } = this.settings;
    const maxAge = Math.min(timing.activationDelay / 2, MAX_AGE);
    if (Date.now() < this.#readAt + maxAge) return;
    // Not again at once, should it fail.
    this.#readAt = Date.now();
    const chain = await readKeyChain({ ...this.settings, regenerate: false });
    if (chain.keys.length === 0) {
      warn(KEYS_GONE(identity));
      return;
    }
    await this.take(chain);
    if (isRotationDue(this.#keys, Date.now(), timing)) await this.rotate();
  }

  /** Imports each key once, and drops those that are over. */
  private async take({ keys: stored }: KeyChain): Promise<void> {
    const { timing, store, warn } = this.settings;
    const now = Date.now();
    const current = publishedKeysAt(stored, now, timing);
    this.#keys = await Promise.all(current.map((key) => this.import(key)));
    this.#readAt = now;
    const retired = stored.filter((key) => !current.includes(key));
    for (const { keyId } of retired) {
      await store.remove(keyId).catch(() => warn(NOT_REMOVED(keyId)));
    }
  }

  private async import(stored: StoredKey): Promise<SigningKey> {
    const known = this.#keys.find(
      ({ keyId, createdAt }) =>
        keyId === stored.keyId && createdAt === stored.createdAt,
    );
    return known ?? importKey(stored);
  }

  private warnAbout(error: unknown): void {
    const reason = error instanceof CredentialError ? error.message : '';
    this.settings.warn(MAINTENANCE_FAILED(this.settings.identity, reason));
  }
}
