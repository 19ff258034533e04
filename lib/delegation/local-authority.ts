import { isLocal, userIdentifierOf } from '../verification/local-principal.js';
import type { Principal } from '../verification/principal.js';
import type { AccessError } from './access-error.interface.js';
import {
  ACTOR_WITHOUT_CALLER,
  LOCAL_USER_UNKNOWN,
} from './delegation.messages.js';
import { ResourceAccessError } from './resource-access.error.js';
import type { Authority, ResourceGrant } from './resource-grant.interface.js';

/**
 * What is asked for a local caller. It carries no token that could be
 * exchanged, so the zone is asked by name for the user that the environment of
 * the process says; the zone has to allow that.
 */
export function inNameOfCaller(
  principal: Principal | undefined,
  grant: ResourceGrant,
): ResourceGrant {
  if (!principal || !isLocal(principal)) return grant;
  const { authority = { kind: 'caller' } } = grant;
  const identifier = userIdentifierOf(principal);
  const isOwn = authority.kind === 'caller' && !authority.actor;
  return isOwn && identifier !== undefined
    ? { ...grant, authority: { kind: 'user', identifier } }
    : grant;
}

/**
 * Fails closed where there is nobody to ask for.
 *
 * @throws ResourceAccessError
 */
export function assertNamed(
  principal: Principal | undefined,
  { authority = { kind: 'caller' }, resource }: ResourceGrant,
): void {
  if (!principal || !isLocal(principal)) return;
  if (authority.kind !== 'caller') return;
  const message = authority.actor ? ACTOR_WITHOUT_CALLER : LOCAL_USER_UNKNOWN;
  const error: AccessError = { message, retryable: false };
  throw new ResourceAccessError(resource, 'resource_error', error, []);
}

/** Whether a token is the caller's own, to be forgotten with the caller. */
export function isCallersOwn(
  principal: Principal,
  authority: Authority,
): boolean {
  if (authority.kind !== 'user') return authority.kind === 'caller';
  return (
    isLocal(principal) && userIdentifierOf(principal) === authority.identifier
  );
}
