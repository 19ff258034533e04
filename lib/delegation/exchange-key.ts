import { hash } from 'node:crypto';
import type { ResourceGrant } from './resource-grant.interface.js';

/** Everything that makes one exchange differ from another. */
export interface ExchangeIdentity extends Omit<ResourceGrant, 'isOptional'> {
  readonly issuer: string;
  readonly clientId: string;
  readonly zoneId?: string;
  /** Absent when the application asks for itself, or for a user by name. */
  readonly subjectToken?: string;
}

/**
 * The key an exchanged token is remembered under. It holds all that the answer
 * depends on, and tokens only as digests: a key with a gap hands one user's
 * token to another.
 */
export function exchangeKeyOf(identity: ExchangeIdentity): string {
  const authority = identity.authority ?? { kind: 'caller' };
  const actor = authority.kind === 'caller' ? authority.actor : undefined;
  return digestOf(
    JSON.stringify([
      identity.issuer,
      identity.clientId,
      identity.zoneId ?? null,
      authority.kind,
      authority.kind === 'user' ? authority.identifier : null,
      identity.subjectToken === undefined
        ? null
        : digestOf(identity.subjectToken),
      actor ? [digestOf(actor.token), actor.tokenType ?? null] : null,
      identity.resource,
      identity.audience ?? null,
      [...(identity.scopes ?? [])].sort(),
    ]),
  );
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
