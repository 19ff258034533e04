import { modeOf } from '../delegation/exchange-mode.js';
import type { ExchangeReport } from '../delegation/exchange-report.js';
import { subjectOf } from '../observability/audit/audit-subject.js';
import type { Observability } from '../observability/observability.js';

/** Tells the audit stream what became of an exchange. */
export function auditExchange(
  { audit, telemetry }: Observability,
  report: ExchangeReport,
): void {
  const { principal, issuer, resource, outcome, cache, code } = report;
  const about = () => ({
    ...(principal ? subjectOf(principal) : { issuer }),
    resource,
    traceId: telemetry.traceId,
  });
  if (outcome === 'cancelled') return;
  audit.emitLazily('exchange_cache', () => ({
    type: 'exchange_cache',
    outcome: cache,
    ...about(),
  }));
  if (report.isRenewal) {
    audit.emitLazily('downstream_retry', () => ({
      type: 'downstream_retry',
      outcome: outcome === 'granted' ? 'succeeded' : 'failed',
      status: 401,
      ...about(),
    }));
  }
  // What was at hand was exchanged, and told of, before.
  if (cache !== 'miss' && outcome === 'granted') return;
  audit.emitLazily('exchange', () => ({
    type: 'exchange',
    outcome,
    mode: modeOf(report.authority),
    duration: report.durationMs,
    attempts: report.attempts,
    ...(code !== undefined && { code }),
    ...about(),
  }));
}
