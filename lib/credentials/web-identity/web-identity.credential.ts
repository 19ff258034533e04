import type { JSONWebKeySet } from 'jose';
import { parseSecureUrl } from '../../oauth/secure-url.js';
import type { ServerMetadata } from '../../oauth/server-metadata.js';
import { TOKEN_EXCHANGE_GRANT } from '../../oauth/token-exchange.js';
import type {
  ApplicationCredential,
  ClientIdentity,
} from '../application-credential.interface.js';
import { assertionAuthentication } from '../client-assertion.js';
import type { ClientMetadata } from '../client-metadata.interface.js';
import {
  warnProcess,
  type CredentialContext,
} from '../credential-context.interface.js';
import { CredentialError } from '../credential.error.js';
import { FileKeyStore } from './file-key-store.js';
import { findKeyDirectory } from './key-directory.js';
import { KeyRing } from './key-ring.js';
import type { KeyStore } from './key-store.interface.js';
import { audienceOf, signAssertion } from './private-key-assertion.js';
import type { WebIdentityOptions } from './web-identity-options.interface.js';
import {
  resolveSettings,
  type WebIdentitySettings,
} from './web-identity-settings.factory.js';
import { ATTACHED_ELSEWHERE, NOT_PREPARED } from './web-identity.messages.js';

/**
 * Authenticates with assertions signed by a key of the application's own. The
 * public key is served, the private one never leaves the key store.
 *
 * @example
 * ```ts
 * new WebIdentity({ serverName: 'Calendar' });
 * new WebIdentity({
 *   keyId: 'calendar',
 *   storageDirectory: '/var/lib/calendar/keys',
 *   rotation: { every: 30 * 24 * 3_600_000 },
 * });
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc7523
 * @publicApi
 */
export class WebIdentity implements ApplicationCredential {
  /** Stable id of the identity, and of its first key. */
  readonly keyId: string;
  readonly #settings: WebIdentitySettings;
  #context?: CredentialContext;
  #opening?: Promise<KeyRing>;
  #keys?: KeyRing;
  #identity?: ClientIdentity;

  /** @throws CredentialError */
  constructor(options: WebIdentityOptions) {
    this.#settings = resolveSettings(options);
    this.keyId = this.#settings.keyId;
  }

  /** Client id at every zone. */
  get clientId(): string {
    return this.clientIdIn(this.#context);
  }

  /** @throws CredentialError, InsecureUrlError */
  attach(context: CredentialContext): void {
    const { resourceMetadataUrl, jwksUrl, clientMetadataUrl } = context;
    for (const url of [resourceMetadataUrl, jwksUrl, clientMetadataUrl]) {
      if (url !== undefined) parseSecureUrl(url);
    }
    if (this.#context && this.clientIdIn(context) !== this.clientId) {
      throw new CredentialError(ATTACHED_ELSEWHERE(this.clientId));
    }
    this.#context = context;
  }

  async prepare(): Promise<void> {
    await this.open();
  }

  /** Synchronous, and the same object, once there is a key. */
  identify(_server?: ServerMetadata): ClientIdentity | Promise<ClientIdentity> {
    const isKnown = this.#identity?.clientId === this.clientId;
    return isKnown ? this.#identity! : this.createIdentity();
  }

  publicKeys(): JSONWebKeySet {
    if (!this.#keys) throw new CredentialError(NOT_PREPARED);
    return this.#keys.publicKeys();
  }

  clientMetadata(context: CredentialContext = {}): ClientMetadata {
    const { jwksUrl, serverName } = { ...this.#context, ...context };
    return {
      client_id: this.clientId,
      client_name: this.#settings.serverName ?? serverName ?? this.keyId,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: this.#settings.algorithm,
      grant_types: ['client_credentials', TOKEN_EXCHANGE_GRANT],
      response_types: [],
      redirect_uris: [],
      ...(jwksUrl ? { jwks_uri: jwksUrl } : { jwks: this.publicKeys() }),
    };
  }

  /**
   * Makes a new key, in use after a minute. The old one stays published for a
   * while.
   *
   * @returns the key id of the new key
   * @throws KeyStoreError
   */
  async rotate(): Promise<string> {
    const keys = await this.open();
    return keys.rotate();
  }

  /** Forgets where it was attached. */
  close(): void {
    this.#context = undefined;
  }

  private clientIdIn(context: CredentialContext = {}): string {
    return (
      this.#settings.clientId ??
      context.resourceMetadataUrl ??
      context.clientMetadataUrl ??
      this.keyId
    );
  }

  private async createIdentity(): Promise<ClientIdentity> {
    const keys = await this.open();
    const { clientId } = this;
    const { assertionAudience } = this.#settings;
    this.#identity = {
      clientId,
      authentication: assertionAuthentication(async (server) =>
        signAssertion(
          clientId,
          audienceOf(server, assertionAudience),
          await keys.signingKey(),
        ),
      ),
    };
    return this.#identity;
  }

  /** One attempt for all who wait; after a failure, the next one tries again. */
  private open(): Promise<KeyRing> {
    this.#opening ??= this.openKeys().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  private async openKeys(): Promise<KeyRing> {
    const { keyId, ...settings } = this.#settings;
    const store = await this.openStore();
    const warn = (message: string) => this.warn(message);
    this.#keys = await KeyRing.open({
      ...settings,
      identity: keyId,
      store,
      warn,
    });
    return this.#keys;
  }

  private async openStore(): Promise<KeyStore> {
    const { keyStore, storageDirectory } = this.#settings;
    if (keyStore) return keyStore;
    const warn = (message: string) => this.warn(message);
    const directory = storageDirectory ?? (await findKeyDirectory(warn));
    return new FileKeyStore(directory, { warn });
  }

  private warn(message: string): void {
    const warn = this.#settings.warn ?? this.#context?.warn ?? warnProcess;
    warn(message);
  }
}
