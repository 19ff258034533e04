import type { Provider } from '@nestjs/common';
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
];
