/**
 * A handler declares grants in a way that cannot work. Thrown at boot; names
 * class and method, and says what to do.
 *
 * @publicApi
 */
export class GrantDefinitionError extends Error {
  override readonly name = 'GrantDefinitionError';
  readonly code = 'ERR_GRANT_DEFINITION';
}
