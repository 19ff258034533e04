import { actorsOf } from './actor-chain.js';
import type { AuditSubject } from './audit-event.js';

/** What is known of a caller, as far as events tell it. */
export interface AuditedCaller {
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  readonly zoneId?: string;
  readonly claims?: object;
}

/** The part of an event that names the caller. */
export function subjectOf(caller: AuditedCaller): AuditSubject {
  const { issuer, subject, clientId, zoneId, claims } = caller;
  const { act }: { act?: unknown } = claims ?? {};
  const actors = actorsOf(act);
  return {
    issuer,
    subject,
    clientId,
    ...(zoneId !== undefined && { zoneId }),
    ...(actors && { actors }),
  };
}
