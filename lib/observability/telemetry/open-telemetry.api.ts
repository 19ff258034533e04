import type * as Api from '@opentelemetry/api';

/** The package, once it is loaded. */
export type OpenTelemetryApi = typeof Api;

/** Under which name the library reports. */
export const INSTRUMENTATION = 'nestjs-keycard';

/** The trace that is active, if any. */
export function activeTraceId({
  trace,
  isSpanContextValid,
}: OpenTelemetryApi): string | undefined {
  const current = trace.getActiveSpan()?.spanContext();
  return current && isSpanContextValid(current) ? current.traceId : undefined;
}
