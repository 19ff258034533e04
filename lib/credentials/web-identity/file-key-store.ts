import { readdir, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { warnProcess, type Warn } from '../credential-context.interface.js';
import { CredentialError } from '../credential.error.js';
import { assertStoredKeyId, isStoredKeyId } from './key-id.js';
import { parseMetadata, serializeMetadata } from './key-metadata.js';
import { KeyStoreError } from './key-store.error.js';
import type { KeyStore, StoredKey } from './key-store.interface.js';
import {
  codeOf,
  createPrivateDirectory,
  createPrivateFile,
  looseModeOf,
  NotAFileError,
  readPrivateFile,
} from './private-file.js';
import {
  BLANK_DIRECTORY,
  DAMAGED_KEY,
  METADATA_LOST,
  OPEN_TO_OTHERS,
  PRIVATE_KEY_LOST,
  STORE_UNAVAILABLE,
  UNSAFE_KEY_FILE,
} from './web-identity.messages.js';

const PRIVATE_KEY = '.pem';
const METADATA = '.json';

/** Another process may be between the two files of a key: how long, how often. */
const SETTLE_ATTEMPTS = 20;
const SETTLE_MILLISECONDS = 50;

/** How a {@link FileKeyStore} reports. */
export interface FileKeyStoreOptions {
  /** @default a warning of the process */
  readonly warn?: Warn;
}

/** The two halves of a key, of which none, one or both may be there. */
interface Halves {
  readonly privateKey?: string;
  readonly metadata?: string;
}

/**
 * Keeps keys in a directory: `{keyId}.pem` with the private key and
 * `{keyId}.json` with what is known about it. Directory and files are open to
 * their owner only. Processes on a shared volume share the keys.
 *
 * @example
 * ```ts
 * new WebIdentity({
 *   keyId: 'calendar',
 *   keyStore: new FileKeyStore('/var/lib/calendar/keys'),
 * });
 * ```
 * @publicApi
 */
export class FileKeyStore implements KeyStore {
  readonly directory: string;
  readonly #warn: Warn;
  readonly #warned = new Set<string>();

  /** @throws CredentialError */
  constructor(directory: string, options: FileKeyStoreOptions = {}) {
    if (!directory?.trim()) throw new CredentialError(BLANK_DIRECTORY);
    this.directory = resolve(directory);
    this.#warn = options.warn ?? warnProcess;
  }

  async load(keyId: string): Promise<StoredKey | undefined> {
    assertStoredKeyId(keyId);
    const { privateKey, metadata } = await this.readSettled(keyId);
    if (metadata === undefined) {
      if (privateKey === undefined) return undefined;
      throw this.failure('metadata_lost', keyId, METADATA_LOST);
    }
    const described = parseMetadata(keyId, metadata);
    if (privateKey === undefined) {
      const { identity } = typeof described === 'string' ? {} : described;
      throw this.failure('private_key_lost', keyId, PRIVATE_KEY_LOST, identity);
    }
    if (typeof described === 'string') {
      const message = DAMAGED_KEY(keyId, this.directory, described);
      throw new KeyStoreError('damaged', keyId, message);
    }
    return { ...described, privateKey };
  }

  async store(key: StoredKey): Promise<boolean> {
    const { keyId, privateKey } = key;
    assertStoredKeyId(keyId);
    return this.access(async () => {
      await createPrivateDirectory(this.directory);
      // The id of a lost private key is taken as well.
      const metadata = this.pathOf(keyId, METADATA);
      if (await readPrivateFile(metadata)) return false;
      const path = this.pathOf(keyId, PRIVATE_KEY);
      if (!(await createPrivateFile(path, privateKey))) return false;
      let isWhole = false;
      try {
        // The description comes last: with it, the key is whole.
        isWhole = await createPrivateFile(metadata, serializeMetadata(key));
      } finally {
        if (!isWhole) await removeFile(path);
      }
      return isWhole;
    });
  }

  async list(): Promise<readonly string[]> {
    return this.access(async () => {
      const names = await readdir(this.directory).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
      });
      const ids = names.flatMap((name) => {
        const keyId = name.replace(/\.(?:pem|json)$/, '');
        return keyId !== name && isStoredKeyId(keyId) ? [keyId] : [];
      });
      return [...new Set(ids)].sort();
    });
  }

  async remove(keyId: string): Promise<boolean> {
    assertStoredKeyId(keyId);
    return this.access(async () => {
      // In this order a reader never sees a public key that lost its private one.
      const metadata = await removeFile(this.pathOf(keyId, METADATA));
      const privateKey = await removeFile(this.pathOf(keyId, PRIVATE_KEY));
      return metadata || privateKey;
    });
  }

  private async readSettled(keyId: string): Promise<Halves> {
    for (let attempt = 1; ; attempt += 1) {
      const halves = await this.access(() => this.read(keyId));
      const isWhole =
        (halves.metadata === undefined) === (halves.privateKey === undefined);
      if (isWhole || attempt === SETTLE_ATTEMPTS) return halves;
      await sleep(SETTLE_MILLISECONDS);
    }
  }

  private async read(keyId: string): Promise<Halves> {
    const metadata = await readPrivateFile(this.pathOf(keyId, METADATA));
    const path = this.pathOf(keyId, PRIVATE_KEY);
    const privateKey = await readPrivateFile(path);
    if (privateKey) {
      this.warnAbout(path, privateKey.looseMode);
      this.warnAbout(
        this.directory,
        looseModeOf((await stat(this.directory)).mode),
      );
    }
    return { metadata: metadata?.text, privateKey: privateKey?.text };
  }

  private pathOf(keyId: string, extension: string): string {
    return join(this.directory, keyId + extension);
  }

  private warnAbout(path: string, looseMode: string | undefined): void {
    if (looseMode === undefined || this.#warned.has(path)) return;
    this.#warned.add(path);
    this.#warn(OPEN_TO_OTHERS(path, looseMode));
  }

  private failure(
    reason: 'metadata_lost' | 'private_key_lost',
    keyId: string,
    message: (keyId: string, place: string) => string,
    identity?: string,
  ): KeyStoreError {
    const text = message(keyId, this.directory);
    return new KeyStoreError(reason, keyId, text, { identity });
  }

  private async access<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof NotAFileError) {
        const message = UNSAFE_KEY_FILE(cause.path);
        throw new KeyStoreError('unsafe', undefined, message);
      }
      const message = STORE_UNAVAILABLE(
        this.directory,
        codeOf(cause) ?? 'unknown error',
      );
      throw new KeyStoreError('unavailable', undefined, message, { cause });
    }
  }
}

async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
