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
