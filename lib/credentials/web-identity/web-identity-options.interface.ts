import type { Warn } from '../credential-context.interface.js';
import type { KeyAlgorithm } from './key-algorithm.js';
import type { KeyStore } from './key-store.interface.js';
import type { AssertionAudience } from './private-key-assertion.js';
import type { RotationOptions } from './rotation-schedule.js';

/**
 * Who the application is, and where it keeps its keys. One of `keyId` and
 * `serverName` is required.
 *
 * @publicApi
 */
export interface WebIdentityOptions {
  /** Stable id of the key: 1 to 64 ASCII letters, digits, `-` and `_`. */
  readonly keyId?: string;
  /** A key id is made of it, when there is none: `Test Server` becomes `Test_Server`. */
  readonly serverName?: string;
  /**
   * Client id at the zone.
   * @default the URL of the protected resource metadata when the module has a
   * public URL, else the key id
   */
  readonly clientId?: string;
  /** @default a FileKeyStore on `storageDirectory` */
  readonly keyStore?: KeyStore;
  /** @default './server_keys', or './mcp_keys' where only that is there */
  readonly storageDirectory?: string;
  /**
   * Algorithm of new keys. RSA keys have 2048 bits.
   * @default 'RS256'
   */
  readonly algorithm?: KeyAlgorithm;
  readonly rotation?: RotationOptions;
  /**
   * Whom assertions are for. Keycard demands the token endpoint.
   * @default 'token_endpoint'
   */
  readonly assertionAudience?: AssertionAudience;
  /**
   * Makes a new key when the private key is lost, instead of failing. The zone
   * must then learn the new public key.
   * @default false
   */
  readonly regenerate?: boolean;
  /**
   * Takes what an operator must see: a lost key, a changed key id.
   * @default the logger of the module, else a warning of the process
   */
  readonly warn?: Warn;
}
