import { withoutTrailingSlash } from '../zone/zone-url.js';
import type { AccessTokenClaims } from './access-token-claims.js';
import { InvalidTokenError } from './invalid-token.error.js';
import type { ResourceTarget } from './protected-resource.js';

/**
 * Makes sure that a token was issued for the resource it is used at.
 *
 * Keycard's PKCE tokens name the zone as audience and the resource in a claim
 * of its own; the zone alone would let every token of the zone in.
 *
 * @throws InvalidTokenError with reason `audience`
 */
export function assertAudience(
  target: ResourceTarget,
  { audience, resources }: AccessTokenClaims,
): void {
  if (target.audience === false) return;
  const matched = target.audience.filter((one) => audience.includes(one));
  if (matched.some((one) => !isZone(one, target))) return;
  if (matched.length > 0 && resources.includes(target.identifier)) return;
  throw new InvalidTokenError('audience');
}

function isZone(audience: string, { zone }: ResourceTarget): boolean {
  return withoutTrailingSlash(audience) === zone.issuer;
}
