import type { Provider } from '@nestjs/common';
import { DocumentProbe } from '../observability/health/document.probe.js';
import { ExchangeRateProbe } from '../observability/health/exchange-rate.probe.js';
import { ExchangeRate } from '../observability/health/exchange-rate.js';
import { KeycardHealthIndicator } from '../observability/health/keycard.health-indicator.js';
import type { Observability } from '../observability/observability.js';
import { KeySetRegistry } from '../verification/key-set-registry.js';
import { ZoneDiscovery } from '../zone/zone-discovery.js';
import { AuditLifecycle } from './audit.lifecycle.js';
import { AuditStream } from '../observability/audit/audit-stream.js';
import { Telemetry } from '../observability/telemetry/telemetry.js';
import { loadTelemetry } from '../observability/telemetry/telemetry.loader.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import { KEYCARD_CONFIG, KEYCARD_OBSERVABILITY } from './keycard.constants.js';
import { logger } from './logger.js';

/** What tells others about decisions. */
export const OBSERVABILITY_PROVIDERS: Provider[] = [
  {
    provide: AuditStream,
    useFactory: () =>
      new AuditStream({
        onError: (error) => logger.error('An audit listener failed', error),
      }),
  },
  {
    provide: Telemetry,
    inject: [KEYCARD_CONFIG],
    useFactory: ({ telemetry }: KeycardConfig) => loadTelemetry(telemetry),
  },
  {
    provide: KEYCARD_OBSERVABILITY,
    inject: [AuditStream, Telemetry],
    useFactory: (audit: AuditStream, telemetry: Telemetry) => ({
      audit,
      telemetry,
    }),
  },
  { provide: ExchangeRate, useFactory: () => new ExchangeRate() },
  {
    provide: AuditLifecycle,
    inject: [KEYCARD_OBSERVABILITY, ExchangeRate, KEYCARD_CONFIG],
    useFactory: (
      observability: Observability,
      rate: ExchangeRate,
      config: KeycardConfig,
    ) => new AuditLifecycle(observability, rate, config),
  },
  {
    provide: KeycardHealthIndicator,
    inject: [KEYCARD_CONFIG, ZoneDiscovery, KeySetRegistry, ExchangeRate],
    useFactory: createHealthIndicator,
  },
];

/** Looks at the zones that are known in advance. */
function createHealthIndicator(
  { zones }: KeycardConfig,
  discovery: ZoneDiscovery,
  keySets: KeySetRegistry,
  rate: ExchangeRate,
): KeycardHealthIndicator {
  const probes = zones.known.flatMap(({ id, issuer }) => {
    const suffix = id === undefined ? '' : `:${id}`;
    const metadata = {
      get age() {
        return discovery.ageOf(issuer);
      },
      read: () => discovery.metadataOf(issuer),
    };
    return [
      new DocumentProbe(`discovery${suffix}`, metadata),
      new DocumentProbe(`keys${suffix}`, keySets.of(issuer)),
    ];
  });
  return new KeycardHealthIndicator([...probes, new ExchangeRateProbe(rate)]);
}
