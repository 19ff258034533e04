import type { JWTPayload } from 'jose';
import type { AccessTokenClaims } from './access-token-claims.js';
import { Principal } from './principal.js';
import type { ResourceTarget } from './protected-resource.js';

/** The caller a verified token speaks of. */
export function createPrincipal(
  token: string,
  claims: JWTPayload,
  { resources: _resources, ...read }: AccessTokenClaims,
  target: ResourceTarget,
): Principal {
  return new Principal(
    {
      ...read,
      issuer: claims.iss!,
      resource: target.identifier,
      ...(target.zone.id !== undefined && { zoneId: target.zone.id }),
      claims,
    },
    token,
  );
}
