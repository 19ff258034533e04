/**
 * A setting of the module is missing, contradictory or malformed. Thrown at
 * boot.
 *
 * @publicApi
 */
export class KeycardConfigurationError extends Error {
  override readonly name = 'KeycardConfigurationError';
  readonly code = 'ERR_KEYCARD_CONFIGURATION';
}
