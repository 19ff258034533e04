import { readAccessTokenClaims } from '../access-token-claims.js';
import { InvalidTokenError } from '../invalid-token.error.js';
import { createPrincipal } from '../principal.factory.js';
import type { Principal } from '../principal.js';
import type { ResourceTarget } from '../protected-resource.js';
import { assertAudience } from '../token-audience.js';
import { assertConfirmable } from '../token-confirmation.js';
import type { TokenIntrospector } from './token-introspector.js';

/** What an opaque token must be like. */
export interface OpaqueTokenPolicy {
  /** Seconds that clocks may differ. */
  readonly clockTolerance: number;
  /** Whether tokens that are bound to a key are let through, to be proved. */
  readonly acceptsBoundTokens: boolean;
}

/** Decides over tokens that only the zone can read. */
export class OpaqueTokenVerifier {
  constructor(
    private readonly introspector: TokenIntrospector,
    private readonly policy: OpaqueTokenPolicy,
  ) {}

  /**
   * @throws InvalidTokenError when the token must not be accepted
   * @throws ZoneUnavailableError when that cannot be found out at the moment
   */
  async verify(token: string, target: ResourceTarget): Promise<Principal> {
    const claims = await this.introspector.introspect(token, target);
    if (!claims) throw new InvalidTokenError('inactive');
    const read = readAccessTokenClaims(claims, {
      clockTolerance: this.policy.clockTolerance,
      strict: false,
    });
    assertAudience(target, read);
    assertConfirmable(claims, this.policy.acceptsBoundTokens);
    return createPrincipal(token, claims, read, target);
  }
}
