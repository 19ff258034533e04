import type { LoggerService } from '@nestjs/common';
import { SHARED_CACHE_FAILED } from '../delegation.messages.js';
import { GrantedToken } from '../granted-token.js';
import { TokenSealer } from './token-sealer.js';

/**
 * A store that several replicas share: what is used of a Keyv instance.
 *
 * @see https://keyv.org
 * @publicApi
 */
export interface SharedStore {
  get(key: string): Promise<unknown>;
  /** @param ttl milliseconds */
  set(key: string, value: string, ttl: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
  /** Errors between two operations, such as a lost connection. */
  on?(event: 'error', listener: (error: unknown) => void): unknown;
}

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

/** Milliseconds between two complaints about the store. */
const COMPLAINT_INTERVAL = 60_000;

/**
 * The second level of the cache. A store that is down, slow or corrupt costs an
 * exchange, never a failure; and a value only opens under the key it was sealed
 * for, so whoever writes to the store cannot swap tokens.
 */
export class SharedTokenStore {
  private readonly sealer: TokenSealer;
  private complainedAt = 0;

  constructor(
    private readonly options: SharedCacheOptions,
    private readonly logger: LoggerService,
  ) {
    this.sealer = new TokenSealer(options.secret, 'nestjs-keycard exchange');
    options.store.on?.('error', (error) => this.complain(error));
  }

  async get(key: string): Promise<FoundToken | undefined> {
    const sealed = await this.attempt(() => this.options.store.get(key));
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
    await this.attempt(() => this.options.store.set(key, sealed, ttl));
  }

  async delete(key: string): Promise<void> {
    await this.attempt(() => this.options.store.delete(key));
  }

  private async attempt<T>(use: () => Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error()),
        this.options.timeout ?? 250,
      );
    });
    try {
      return await Promise.race([use(), timeout]);
    } catch (error) {
      this.complain(error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  private complain(error: unknown): void {
    if (Date.now() - this.complainedAt < COMPLAINT_INTERVAL) return;
    this.complainedAt = Date.now();
    // Its message may quote an address with a password in it.
    this.logger.warn(
      SHARED_CACHE_FAILED(error instanceof Error ? error.name : 'unknown'),
    );
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
