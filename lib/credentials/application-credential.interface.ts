import type { ServerMetadata } from '../oauth/server-metadata.js';
import type { ClientAuthentication } from '../oauth/token-request.js';

/** Who the application is at one authorization server, and how it proves it. */
export interface ClientIdentity {
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
}
