import { subjectOf } from '../observability/audit/audit-subject.js';
import { digestOf } from '../observability/audit/token-digest.js';
import type { Observability } from '../observability/observability.js';
import { errorTypeOf } from '../observability/telemetry/error-type.js';
import { InvalidTokenError } from '../verification/invalid-token.error.js';
import type { Principal } from '../verification/principal.js';
import type { ResourceTarget } from '../verification/protected-resource.js';
import { KeycardException } from './exceptions/keycard.exception.js';

/** Tells the audit stream who was let in, and who was not. */
export class AuthenticationAudit {
  constructor(private readonly observability: Observability) {}

  accepted(principal: Principal, target: ResourceTarget, token: string): void {
    this.observability.audit.emitLazily('authentication', () => ({
      type: 'authentication',
      outcome: 'accepted',
      ...subjectOf(principal),
      resource: target.identifier,
      tokenDigest: digestOf(token),
      traceId: this.observability.telemetry.traceId,
    }));
  }

  /** @param refusal what is answered; its cause says why */
  refused(refusal: unknown, { zone, identifier }: ResourceTarget): void {
    this.observability.audit.emitLazily('authentication', () => ({
      type: 'authentication',
      outcome: 'refused',
      issuer: zone.issuer,
      ...(zone.id !== undefined && { zoneId: zone.id }),
      resource: identifier,
      code: codeOf(refusal),
      ...(refusal instanceof KeycardException && {
        status: refusal.getStatus(),
      }),
      traceId: this.observability.telemetry.traceId,
    }));
  }
}

function codeOf(refusal: unknown): string {
  const cause: unknown = refusal instanceof Error ? refusal.cause : undefined;
  if (cause instanceof InvalidTokenError) return cause.reason;
  return errorTypeOf(cause ?? refusal);
}
