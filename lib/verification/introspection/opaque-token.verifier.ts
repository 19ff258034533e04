import { readAccessTokenClaims } from '../access-token-claims.js';
import { InvalidTokenError } from '../invalid-token.error.js';
import { createPrincipal } from '../principal.factory.js';
import type { Principal } from '../principal.js';
import type { ResourceTarget } from '../protected-resource.js';
import { assertAudience } from '../token-audience.js';
import type { TokenIntrospector } from './token-introspector.js';

/** Decides over tokens that only the zone can read. */
export class OpaqueTokenVerifier {
  constructor(
    private readonly introspector: TokenIntrospector,
    private readonly clockTolerance: number,
  ) {}

  /**
   * @throws InvalidTokenError when the token must not be accepted
   * @throws ZoneUnavailableError when that cannot be found out at the moment
   */
  async verify(token: string, target: ResourceTarget): Promise<Principal> {
    const claims = await this.introspector.introspect(token, target);
    if (!claims) throw new InvalidTokenError('inactive');
    const read = readAccessTokenClaims(claims, {
      clockTolerance: this.clockTolerance,
      strict: false,
    });
    assertAudience(target, read);
    return createPrincipal(token, claims, read, target);
  }
}
