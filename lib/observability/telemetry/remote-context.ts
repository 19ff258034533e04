import type { BaggageEntry, Context } from '@opentelemetry/api';
import type { OpenTelemetryApi } from './open-telemetry.api.js';
import type {
  RemoteBaggage,
  RemoteParent,
  TraceContext,
} from './trace-context.js';

/**
 * The active context with what the sender said. Headers are believed only when
 * nothing is active: what instruments HTTP has read them already.
 */
export function withRemote(
  api: OpenTelemetryApi,
  { parent, baggage }: TraceContext,
): Context {
  const active = api.context.active();
  const isTraced = api.trace.getSpanContext(active) !== undefined;
  const hasBaggage = api.propagation.getBaggage(active) !== undefined;
  let context = active;
  if (parent && (parent.source === 'meta' || !isTraced)) {
    context = withParent(api, context, parent);
  }
  if (baggage && (baggage.source === 'meta' || !hasBaggage)) {
    context = withBaggage(api, context, baggage);
  }
  return context;
}

function withParent(
  { trace, createTraceState }: OpenTelemetryApi,
  context: Context,
  { traceId, spanId, traceFlags, traceState }: RemoteParent,
): Context {
  return trace.setSpanContext(context, {
    traceId,
    spanId,
    traceFlags,
    isRemote: true,
    ...(traceState !== undefined && {
      traceState: createTraceState(traceState),
    }),
  });
}

function withBaggage(
  { propagation, baggageEntryMetadataFromString }: OpenTelemetryApi,
  context: Context,
  { members }: RemoteBaggage,
): Context {
  const entries = members.map(({ key, value, metadata }) => {
    const entry: BaggageEntry = {
      value,
      ...(metadata !== undefined && {
        metadata: baggageEntryMetadataFromString(metadata),
      }),
    };
    return [key, entry] as const;
  });
  return propagation.setBaggage(
    context,
    propagation.createBaggage(Object.fromEntries(entries)),
  );
}
