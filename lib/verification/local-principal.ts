import { Principal } from './principal.js';
import type { ResourceTarget } from './protected-resource.js';

/** Client id of whoever speaks to a process over its standard streams. */
const LOCAL_CLIENT = 'stdio';

/** Subject of a local caller of whom nothing else is known. */
const UNKNOWN_USER = 'local';

/** What makes up a local caller. */
export interface LocalPrincipalInit {
  /** As the environment of the process says; absent: not known to the zone. */
  readonly userIdentifier: string | undefined;
  readonly scopes: readonly string[];
  /** What is served, and the zone it belongs to. */
  readonly target: ResourceTarget;
}

const userIdentifiers = new WeakMap<Principal, string | undefined>();

/**
 * Whoever started this process: it works for them, so there is nothing to
 * verify, and no token.
 */
export function createLocalPrincipal({
  userIdentifier,
  scopes,
  target,
}: LocalPrincipalInit): Principal {
  const { identifier, zone } = target;
  const principal = new Principal({
    issuer: zone.issuer,
    subject: userIdentifier ?? UNKNOWN_USER,
    clientId: LOCAL_CLIENT,
    scopes: [...scopes],
    audience: [identifier],
    expiresAt: Infinity,
    resource: identifier,
    ...(zone.id !== undefined && { zoneId: zone.id }),
    claims: {},
  });
  userIdentifiers.set(principal, userIdentifier);
  return principal;
}

/** Whether a caller is local, and so without a token. */
export function isLocal(principal: Principal): boolean {
  return userIdentifiers.has(principal);
}

/** Whom a local caller is known as to the zone; `undefined`: as nobody. */
export function userIdentifierOf(principal: Principal): string | undefined {
  return userIdentifiers.get(principal);
}
