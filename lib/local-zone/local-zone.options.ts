import type { JWK } from 'jose';

/**
 * How a local zone runs.
 *
 * @publicApi
 */
export interface LocalZoneOptions {
  /**
   * Port on the loopback interface.
   *
   * @default 0, any free port
   */
  readonly port?: number;
  /**
   * Paths of the endpoints: those of a Keycard zone, or plain ones. Clients
   * that read the metadata work with both.
   *
   * @default 'keycard'
   */
  readonly profile?: LocalZoneProfile;
  /**
   * Private RSA key that signs the tokens.
   *
   * @default one generated per process and shared by its zones
   */
  readonly key?: JWK;
  /**
   * Generates a key for this zone alone, which takes some 100 ms.
   *
   * @default false
   */
  readonly freshKey?: boolean;
  /**
   * Adds the `act` claim to exchanged tokens.
   *
   * @default false
   * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
   */
  readonly actorClaim?: boolean;
  /**
   * Lets clients register themselves.
   *
   * @default true
   * @see https://www.rfc-editor.org/rfc/rfc7591
   */
  readonly dynamicRegistration?: boolean;
  /**
   * Accepts tokens made by `zone.mint` as subject tokens.
   *
   * @default false
   */
  readonly acceptMinted?: boolean;
  /**
   * Lifetime of refresh tokens in seconds.
   *
   * @default 86400
   */
  readonly refreshTokenTtl?: number;
  /**
   * Starts even when `NODE_ENV` is `production`. Anybody who reaches a local
   * zone can sign in as anybody.
   *
   * @default false
   */
  readonly force?: boolean;
}

/**
 * A set of endpoint paths.
 *
 * @publicApi
 */
export type LocalZoneProfile = 'keycard' | 'plain';
