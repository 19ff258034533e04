import type { Principal } from '../../verification/principal.js';
import type { AccessError } from '../access-error.interface.js';

/** A grant that only the user can give. */
export interface ConsentNeed {
  readonly principal: Principal;
  readonly resource: string;
  /** What the zone said. */
  readonly error: AccessError;
}

/**
 * How users are asked for a grant they have not given yet.
 *
 * @publicApi
 */
export interface ConsentOptions {
  /**
   * The page where the user gives it. It must make sure that whoever opens it
   * is the user the link was made for: pass the subject on, as Keycard's
   * connect page wants it.
   * @default the `error_uri` of the zone's answer, when it is on the zone's origin
   */
  readonly url?: (need: ConsentNeed) => string | Promise<string>;
  /**
   * Error codes that a user can do something about. A denial by policy is not
   * among them: it is final.
   * @default insufficient_authorization, consent_required, interaction_required, authorization_required, user_authorization_required
   */
  readonly codes?: readonly string[];
  /**
   * What the user is told.
   * @default names the resource
   */
  readonly message?: (need: ConsentNeed) => string;
}

/** One page a user has to open. */
export interface ConsentLink {
  readonly resource: string;
  readonly url: string;
  readonly message: string;
}
