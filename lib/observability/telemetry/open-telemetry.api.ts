import type * as Api from '@opentelemetry/api';

/** The package, once it is loaded. */
export type OpenTelemetryApi = typeof Api;

/** Under which name the library reports. */
export const INSTRUMENTATION = 'nestjs-keycard';

/**
 * Finds out, whenever asked, whether anybody records spans or carries contexts
 * along. An SDK does both, and may come late.
 */
export function createWatchCheck({
  context,
  createContextKey,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  trace,
}: OpenTelemetryApi): () => boolean {
  const probe = ROOT_CONTEXT.setValue(createContextKey(INSTRUMENTATION), true);
  return () => {
    const provider = trace.getTracerProvider();
    const hasTracer =
      !(provider instanceof ProxyTracerProvider) ||
      provider.getDelegateTracer(INSTRUMENTATION) !== undefined;
    return hasTracer || context.with(probe, () => context.active()) === probe;
  };
}

/** The trace that is active, if any. */
export function activeTraceId({
  trace,
  isSpanContextValid,
}: OpenTelemetryApi): string | undefined {
  const current = trace.getActiveSpan()?.spanContext();
  return current && isSpanContextValid(current) ? current.traceId : undefined;
}
