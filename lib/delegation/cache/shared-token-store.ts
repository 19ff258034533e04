import type { LoggerService } from '@nestjs/common';
import { PatientStore } from '../../replicas/patient-store.js';
import { Sealer } from '../../replicas/sealer.js';
import type { SharedStore } from '../../replicas/shared-store.interface.js';
import { SHARED_CACHE_FAILED } from '../delegation.messages.js';
import { GrantedToken } from '../granted-token.js';

/**
 * Exchanged tokens that replicas share.
 *
 * @publicApi
 */
export interface SharedCacheOptions {
  /** A Keyv instance over Redis, Valkey, Postgres, … */
  readonly store: SharedStore;
  /**
   * Encrypts the tokens: at least 32 characters. The first of a list encrypts,
   * all of them decrypt.
   */
  readonly secret: string | readonly string[];
  /**
   * Milliseconds that the store is waited for.
   * @default 250
   */
  readonly timeout?: number;
}

interface StoredToken {
  readonly accessToken: string;
  readonly tokenType: string;
  readonly scopes?: readonly string[];
  readonly expiresAt: number;
  /** When it is to be forgotten, in milliseconds since the epoch. */
  readonly until: number;
}

/** A token that was found. */
export interface FoundToken {
  readonly token: GrantedToken;
  /** When it is to be forgotten, in milliseconds since the epoch. */
  readonly until: number;
}

/**
 * The second level of the cache. A store that is down, slow or corrupt costs an
 * exchange, never a failure; and a value only opens under the key it was sealed
 * for, so whoever writes to the store cannot swap tokens.
 */
export class SharedTokenStore {
  private readonly sealer: Sealer;
  private readonly store: PatientStore;

  constructor(
    { store, secret, timeout }: SharedCacheOptions,
    logger: LoggerService,
  ) {
    this.sealer = new Sealer({ secret, purpose: 'nestjs-keycard exchange' });
    this.store = new PatientStore({
      store,
      timeout,
      onFailure: (name) => logger.warn(SHARED_CACHE_FAILED(name)),
    });
  }

  async get(key: string): Promise<FoundToken | undefined> {
    const sealed = await this.store.get(key);
    if (sealed === undefined || sealed === null) return undefined;
    const stored = await this.sealer.open(sealed, key);
    return isStoredToken(stored) ? restore(stored) : undefined;
  }

  /** @param ttl milliseconds */
  async set(key: string, token: GrantedToken, ttl: number): Promise<void> {
    const { accessToken, tokenType, scopes, expiresAt } = token;
    const until = Date.now() + ttl;
    const sealed = await this.sealer.seal(
      { accessToken, tokenType, scopes, expiresAt, until },
      key,
    );
    await this.store.set(key, sealed, ttl);
  }

  async delete(key: string): Promise<void> {
    await this.store.delete(key);
  }
}

function isStoredToken(value: unknown): value is StoredToken {
  if (typeof value !== 'object' || value === null) return false;
  const { accessToken, tokenType, expiresAt, until } = value as StoredToken;
  return (
    typeof accessToken === 'string' &&
    typeof tokenType === 'string' &&
    typeof expiresAt === 'number' &&
    typeof until === 'number'
  );
}

function restore({ until, ...stored }: StoredToken): FoundToken {
  const now = Date.now();
  const expiresIn = (stored.expiresAt - now) / 1000;
  return { token: new GrantedToken({ ...stored, expiresIn }, now), until };
}
