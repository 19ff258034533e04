import type { AuditEvent, AuditEventType } from './audit-event.js';

/** Receives events. What it returns or throws is of no consequence. */
export type AuditListener = (event: AuditEvent) => unknown;

/** Hears of a listener's failures, the first one of each. */
export type AuditErrorHandler = (error: unknown, event?: AuditEvent) => void;

/** One listener, and what it wants to hear. */
export class AuditSubscription {
  private hasFailed = false;

  constructor(
    private readonly listener: AuditListener,
    private readonly onError: AuditErrorHandler,
    private readonly types?: readonly AuditEventType[],
    readonly onClose?: () => void,
  ) {}

  wants(type: AuditEventType): boolean {
    return !this.types || this.types.includes(type);
  }

  deliver(event: AuditEvent): void {
    try {
      const outcome = this.listener(event);
      if (!(outcome instanceof Promise)) return;
      outcome.catch((error: unknown) => this.report(error, event));
    } catch (error) {
      this.report(error, event);
    }
  }

  private report(error: unknown, event: AuditEvent): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    reportSafely(this.onError, error, event);
  }
}

/** Nothing that observes may break what it observes. */
export function reportSafely(
  onError: AuditErrorHandler,
  error: unknown,
  event?: AuditEvent,
): void {
  try {
    onError(error, event);
  } catch {
    // There is nobody left to tell.
  }
}
