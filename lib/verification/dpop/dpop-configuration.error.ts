/**
 * The DPoP settings are malformed or unsafe. Thrown at boot.
 *
 * @publicApi
 */
export class DpopConfigurationError extends Error {
  override readonly name = 'DpopConfigurationError';
  readonly code = 'ERR_DPOP_CONFIGURATION';
}
