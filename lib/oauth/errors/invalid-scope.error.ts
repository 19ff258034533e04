import { INVALID_SCOPE } from '../oauth.messages.js';

/**
 * A scope in the configuration, or on a decorator, is not one.
 *
 * @publicApi
 */
export class InvalidScopeError extends Error {
  override readonly name = 'InvalidScopeError';
  readonly code = 'ERR_INVALID_SCOPE';

  constructor(readonly scope: string) {
    super(INVALID_SCOPE(scope));
  }
}
