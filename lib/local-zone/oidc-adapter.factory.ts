import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { epochSeconds } from './text.js';
import type { ZoneStore } from './zone-store.js';

/** Looks for a client outside the store of registered ones. */
export type FindClient = (
  clientId: string,
) => Promise<Readonly<Record<string, unknown>> | undefined>;

const MAX_REGISTERED_CLIENTS = 1000;

/**
 * Storage of oidc-provider in the memory of one zone. Declared clients and
 * metadata documents are found before registered clients.
 */
export function createOidcAdapterFactory(
  store: ZoneStore,
  findClient: FindClient,
): AdapterFactory {
  const registered: string[] = [];
  return (model) => new OidcAdapter(model, store, findClient, registered);
}

class OidcAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly store: ZoneStore,
    private readonly findClient: FindClient,
    private readonly registered: string[],
  ) {}

  async upsert(
    id: string,
    payload: AdapterPayload,
    expiresIn?: number,
  ): Promise<void> {
    const key = this.key(id);
    this.store.set(key, payload, expiresIn);
    if (this.model === 'Session' && payload.uid) {
      this.store.set(`uid:${payload.uid}`, id, expiresIn);
    }
    if (this.model === 'Client') {
      this.forgetOldestClient(key);
    }
    if (payload.grantId) {
      this.store.addToGrant(payload.grantId, key);
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.model === 'Client') {
      const found = await this.findClient(id);
      if (found) {
        return found;
      }
    }
    return this.store.get(this.key(id));
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const id = this.store.get<string>(`uid:${uid}`);
    return id === undefined ? undefined : this.store.get(this.key(id));
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const payload = this.store.get<AdapterPayload>(this.key(id));
    if (payload) {
      payload.consumed = epochSeconds();
    }
  }

  async destroy(id: string): Promise<void> {
    this.store.delete(this.key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    this.store.deleteGrant(grantId);
  }

  private key(id: string): string {
    return `${this.model}:${id}`;
  }

  private forgetOldestClient(key: string): void {
    this.registered.push(key);
    if (this.registered.length <= MAX_REGISTERED_CLIENTS) {
      return;
    }
    const oldest = this.registered.shift();
    if (oldest !== undefined) {
      this.store.delete(oldest);
    }
  }
}
