import type { DpopOptions } from '../verification/dpop/dpop-options.interface.js';
import type { IntrospectionOptions } from '../verification/introspection/token-introspector.js';
import type { TokenPolicy } from '../verification/token-verifier.js';
import type { VerifiedTokenCacheOptions } from '../verification/verified-token-cache.js';

/**
 * Proof of possession.
 *
 * @publicApi
 */
export interface DpopTokenOptions extends DpopOptions {
  /**
   * Refuse tokens that are bound to no key.
   * @default false
   */
  readonly required?: boolean;
}

/**
 * What access tokens must be like, and how they are checked.
 *
 * @publicApi
 */
export interface TokenOptions extends TokenPolicy {
  /**
   * Accept tokens that are bound to a key, with a proof of that key. Without
   * it they are refused.
   * @default false
   * @see https://www.rfc-editor.org/rfc/rfc9449
   */
  readonly dpop?: boolean | DpopTokenOptions;
  /**
   * Accept opaque tokens, and ask the zone about them. Needs an application
   * credential.
   * @default false
   * @see https://www.rfc-editor.org/rfc/rfc7662
   */
  readonly introspection?: boolean | IntrospectionOptions;
  /** How long a verified JWT is remembered. */
  readonly cache?: VerifiedTokenCacheOptions;
}
