import { hash } from 'node:crypto';

/** Everything that makes one exchange differ from another. */
export interface ExchangeIdentity {
  readonly issuer: string;
  readonly clientId: string;
  readonly zoneId?: string;
  readonly subjectToken: string;
  readonly resource: string;
  readonly scopes: readonly string[];
}

/**
 * The key an exchanged token is remembered under. It holds all that the answer
 * depends on, and the caller's token only as a digest: a key with a gap hands
 * one user's token to another.
 */
export function exchangeKeyOf(identity: ExchangeIdentity): string {
  return hash(
    'sha256',
    JSON.stringify([
      identity.issuer,
      identity.clientId,
      identity.zoneId ?? null,
      hash('sha256', identity.subjectToken, 'base64url'),
      identity.resource,
      [...identity.scopes].sort(),
    ]),
    'base64url',
  );
}
