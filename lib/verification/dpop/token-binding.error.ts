import { TOKEN_BINDING } from './dpop.messages.js';

/** How scheme and token disagree. */
export type TokenBindingReason = 'proof_required' | 'not_bound';

/**
 * An access token was presented under the wrong scheme: `invalid_token` in the
 * challenge.
 *
 * @publicApi
 */
export class TokenBindingError extends Error {
  override readonly name = 'TokenBindingError';
  readonly code = 'ERR_TOKEN_BINDING';

  constructor(readonly reason: TokenBindingReason) {
    super(TOKEN_BINDING[reason]);
  }
}
