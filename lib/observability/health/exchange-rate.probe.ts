import type { ExchangeRate } from './exchange-rate.js';
import type { HealthProbe, HealthReport } from './health-probe.interface.js';

/** How many failed exchanges are too many. */
export interface ExchangeRateProbeOptions {
  /**
   * Fewer exchanges than this say nothing.
   * @default 10
   */
  readonly minimum?: number;
  /**
   * Share of failures from which exchanging is degraded.
   * @default 0.1
   */
  readonly degradedFrom?: number;
  /**
   * Share of failures from which exchanging is down.
   * @default 0.5
   */
  readonly downFrom?: number;
}

/** Whether tokens can be exchanged, as the last minutes show. */
export class ExchangeRateProbe implements HealthProbe {
  readonly name = 'exchange';

  constructor(
    private readonly rate: ExchangeRate,
    private readonly options: ExchangeRateProbeOptions = {},
  ) {}

  probe(): HealthReport {
    const { minimum = 10, degradedFrom = 0.1, downFrom = 0.5 } = this.options;
    const { total, failed, errorRate } = this.rate.count();
    const details = {
      total,
      failed,
      errorRate: Math.round(errorRate * 1000) / 1000,
      windowSeconds: Math.round(this.rate.window / 1000),
    };
    if (total < minimum || errorRate < degradedFrom) {
      return { status: 'up', details };
    }
    return { status: errorRate < downFrom ? 'degraded' : 'down', details };
  }
}
