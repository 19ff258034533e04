/**
 * Stable reason of a {@link LocalZoneError}.
 *
 * @publicApi
 */
export type LocalZoneErrorCode =
  | 'ERR_LOCAL_ZONE_CONFIGURATION'
  | 'ERR_LOCAL_ZONE_ENVIRONMENT'
  | 'ERR_LOCAL_ZONE_PORT_IN_USE'
  | 'ERR_LOCAL_ZONE_LOGIN';

/**
 * Any failure of the local zone itself. What the zone refuses on the wire is
 * an OAuth error response instead.
 *
 * @publicApi
 */
export class LocalZoneError extends Error {
  override readonly name: string = 'LocalZoneError';

  constructor(
    message: string,
    readonly code: LocalZoneErrorCode,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The declaration contradicts itself, or names something that is not in it.
 *
 * @publicApi
 */
export class LocalZoneConfigurationError extends LocalZoneError {
  override readonly name = 'LocalZoneConfigurationError';

  constructor(message: string) {
    super(message, 'ERR_LOCAL_ZONE_CONFIGURATION');
  }
}

/**
 * The zone cannot run here: production, an old Node.js, or a missing package.
 *
 * @publicApi
 */
export class LocalZoneEnvironmentError extends LocalZoneError {
  override readonly name = 'LocalZoneEnvironmentError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_LOCAL_ZONE_ENVIRONMENT', options);
  }
}

/**
 * `zone.login` did not end with tokens.
 *
 * @publicApi
 */
export class LocalZoneLoginError extends LocalZoneError {
  override readonly name = 'LocalZoneLoginError';

  constructor(
    /** OAuth error code, where the zone gave one. */
    readonly error: string,
    message: string,
  ) {
    super(message, 'ERR_LOCAL_ZONE_LOGIN');
  }
}
