/**
 * The zone settings are missing, contradictory or malformed. Thrown at boot.
 *
 * @publicApi
 */
export class ZoneConfigurationError extends Error {
  override readonly name = 'ZoneConfigurationError';
  readonly code = 'ERR_ZONE_CONFIGURATION';
}
