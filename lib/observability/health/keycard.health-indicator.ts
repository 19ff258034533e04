import { withoutTokens } from '../audit/redaction.js';
import {
  DUPLICATE_PROBE_NAME,
  RESERVED_PROBE_NAME,
} from '../observability.messages.js';
import { errorTypeOf } from '../telemetry/error-type.js';
import type {
  HealthDetails,
  HealthProbe,
  HealthReport,
  HealthStatus,
} from './health-probe.interface.js';

/** How long a probe may take. */
export interface KeycardHealthOptions {
  /**
   * Milliseconds until a probe that does not answer counts as down.
   * @default 3000
   */
  readonly timeout?: number;
}

/** The state of the whole, and of each of its parts under the part's name. */
export interface KeycardHealth {
  readonly status: HealthStatus;
  readonly [probe: string]: HealthStatus | ProbeHealth;
}

/** The state of a part. */
export type ProbeHealth = HealthDetails & { readonly status: HealthStatus };

const RESERVED: readonly string[] = ['status', 'responseTime'];
const SEVERITY: readonly HealthStatus[] = ['up', 'degraded', 'down'];
const LATE = 'timeout';

/**
 * Health of what the application needs to let callers in and to act for them,
 * for `@nestjs/terminus`.
 *
 * @example
 * ```ts
 * @Get('health')
 * @HealthCheck()
 * check() {
 *   return this.health.check([() => this.keycard.check('keycard')]);
 * }
 * ```
 * @publicApi
 */
export class KeycardHealthIndicator {
  private readonly timeout: number;

  constructor(
    private readonly probes: readonly HealthProbe[],
    { timeout = 3000 }: KeycardHealthOptions = {},
  ) {
    this.timeout = timeout;
    const names = new Set<string>();
    for (const { name } of probes) {
      if (RESERVED.includes(name)) {
        throw new RangeError(RESERVED_PROBE_NAME(name));
      }
      if (names.has(name)) throw new RangeError(DUPLICATE_PROBE_NAME(name));
      names.add(name);
    }
  }

  /** Never throws: what cannot be found out is down. */
  async check<const Key extends string = 'keycard'>(
    key: Key = 'keycard' as Key,
  ): Promise<Record<Key, KeycardHealth>> {
    const parts = await Promise.all(
      this.probes.map(async (probe) => [probe.name, await this.ask(probe)]),
    );
    const details = Object.fromEntries(parts) as Record<string, ProbeHealth>;
    const health = { ...details, status: worstOf(Object.values(details)) };
    return { [key]: health } as Record<Key, KeycardHealth>;
  }

  private async ask(probe: HealthProbe): Promise<ProbeHealth> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<HealthReport>((resolve) => {
      timer = setTimeout(resolve, this.timeout, downBecause(LATE));
    });
    try {
      const { status, details } = await Promise.race([probe.probe(), late]);
      return withoutTokens({ ...details, status });
    } catch (error) {
      const { status, details } = downBecause(errorTypeOf(error));
      return { ...details, status };
    } finally {
      clearTimeout(timer);
    }
  }
}

function downBecause(error: string): HealthReport {
  return { status: 'down', details: { error } };
}

function worstOf(parts: readonly ProbeHealth[]): HealthStatus {
  const worst = Math.max(
    0,
    ...parts.map(({ status }) => SEVERITY.indexOf(status)),
  );
  return SEVERITY[worst]!;
}
