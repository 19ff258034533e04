import type { JSONWebKeySet } from 'jose';
import type { ServerMetadata } from '../oauth/server-metadata.js';
import type { ClientAuthentication } from '../oauth/token-request.js';
import type { ClientMetadata } from './client-metadata.interface.js';
import type { CredentialContext } from './credential-context.interface.js';

/** Who the application is at one authorization server, and how it proves it. */
export interface ClientIdentity {
  /**
   * Tells this client from others, as a key of caches does. Whether it goes
   * over the wire is up to `authentication`.
   */
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
}

/**
 * How the application authenticates at the token endpoint of a zone. One hook
 * for every kind of token request.
 *
 * @publicApi
 */
export interface ApplicationCredential {
  /**
   * Called for every request: a credential that rotates is read anew.
   *
   * @param server metadata of the authorization server that is asked
   * @throws CredentialError when the application has no identity there
   */
  identify(server: ServerMetadata): ClientIdentity | Promise<ClientIdentity>;

  /** Issuers this credential is for; `undefined` when it is good for any. */
  readonly issuers?: readonly string[];

  /** Tells the credential where its application is published. Called once, before `prepare`. */
  attach?(context: CredentialContext): void;

  /**
   * Does at boot what the first request would have to wait for, such as making
   * a key.
   *
   * @throws CredentialError
   */
  prepare?(): Promise<void>;

  /**
   * Public keys to serve, for a credential that signs. Never a private member.
   *
   * @throws CredentialError before `prepare`
   */
  publicKeys?(): JSONWebKeySet;

  /** What the application says about itself, to serve as a document. */
  clientMetadata?(context?: CredentialContext): ClientMetadata;

  /** Lets go of whatever the application made of it: the counterpart of `attach`. */
  close?(): void | Promise<void>;
}
