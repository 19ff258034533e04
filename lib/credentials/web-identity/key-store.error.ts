import { CredentialError } from '../credential.error.js';

/**
 * What is wrong with a stored key:
 * - `private_key_lost`: the public key is there, the private one is not
 * - `metadata_lost`: the private key is there, its description is not
 * - `damaged`: there is something that cannot be read as a key
 * - `unsafe`: a key file is not a file, but a link to one
 * - `unavailable`: the store cannot be read or written
 *
 * @publicApi
 */
export type KeyStoreFailure =
  'private_key_lost' | 'metadata_lost' | 'damaged' | 'unsafe' | 'unavailable';

/**
 * The keys of a web identity cannot be had. No new ones are made instead: the
 * zone would not know them.
 *
 * @publicApi
 */
export class KeyStoreError extends CredentialError {
  override readonly name = 'KeyStoreError';
  override readonly code = 'ERR_KEY_STORE';

  constructor(
    readonly reason: KeyStoreFailure,
    readonly keyId: string | undefined,
    message: string,
    options?: ErrorOptions & { readonly identity?: string },
  ) {
    super(message, options?.cause === undefined ? undefined : options);
    this.identity = options?.identity;
  }

  /** The identity the key belongs to, where that is known. */
  readonly identity?: string;
}
