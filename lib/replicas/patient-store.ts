import { Complaints } from './complaints.js';
import type { SharedStore } from './shared-store.interface.js';
import { within } from './within.js';

const DEFAULT_TIMEOUT = 250;

/** How a store is used. */
export interface PatientStoreOptions {
  readonly store: SharedStore;
  /**
   * Milliseconds that the store is waited for.
   * @default 250
   */
  readonly timeout?: number | undefined;
  /** Told, now and then, the name of the error while the store fails. */
  readonly onFailure: (name: string) => void;
}

/** A shared store whose failures, and slowness, are no failure of its user. */
export class PatientStore {
  private readonly complaints: Complaints;

  constructor(private readonly options: PatientStoreOptions) {
    this.complaints = new Complaints(options.onFailure);
    options.store.on?.('error', (error) => this.complaints.about(error));
  }

  /** `undefined` for nothing, and for a store that is down or slow. */
  get(key: string): Promise<unknown> {
    return this.attempt(() => this.options.store.get(key));
  }

  /** @param ttl milliseconds */
  async set(key: string, value: string, ttl: number): Promise<void> {
    await this.attempt(() => this.options.store.set(key, value, ttl));
  }

  async delete(key: string): Promise<void> {
    await this.attempt(() => this.options.store.delete(key));
  }

  private async attempt<T>(use: () => Promise<T>): Promise<T | undefined> {
    try {
      return await within(use(), this.options.timeout ?? DEFAULT_TIMEOUT);
    } catch (error) {
      this.complaints.about(error);
      return undefined;
    }
  }
}
