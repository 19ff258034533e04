import { LoggerAuditSink } from '../observability/audit/logger-audit.sink.js';
import type { ExchangeRate } from '../observability/health/exchange-rate.js';
import type { Observability } from '../observability/observability.js';
import { measureAudit } from '../observability/telemetry/audit-metrics.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import { logger } from './logger.js';

/** Attaches what listens to audit events, for as long as the application runs. */
export class AuditLifecycle {
  private readonly detachments: (() => void)[] = [];

  constructor(
    private readonly observability: Observability,
    private readonly rate: ExchangeRate,
    private readonly config: KeycardConfig,
  ) {}

  start(): void {
    const { audit, telemetry } = this.observability;
    this.detachments.push(
      this.rate.follow(audit),
      measureAudit(audit, telemetry),
    );
    if (this.config.logsAudit) {
      this.detachments.push(new LoggerAuditSink(logger).attach(audit));
    }
  }

  stop(): void {
    for (const detach of this.detachments.splice(0)) detach();
    this.observability.audit.close();
  }
}
