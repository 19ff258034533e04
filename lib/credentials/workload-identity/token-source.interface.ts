/**
 * Where the platform's token for this workload comes from. Asked for every
 * request to a zone: the platform rotates its tokens, so keep none.
 *
 * @publicApi
 */
export interface TokenSource {
  identityToken(): string | Promise<string>;
}

/**
 * A {@link TokenSource} that is just a function.
 *
 * @publicApi
 */
export type TokenSourceFunction = TokenSource['identityToken'];

/**
 * Which kind of source failed.
 *
 * @publicApi
 */
export type TokenSourceName = 'file' | 'gcp-metadata' | 'fly' | 'custom';
