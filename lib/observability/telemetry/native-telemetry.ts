import type { Context, Counter, Histogram, Tracer } from '@opentelemetry/api';
import { errorTypeOf } from './error-type.js';
import {
  COUNTERS,
  DURATION_BUCKETS,
  HISTOGRAMS,
  type CounterName,
  type HistogramName,
} from './metric.definitions.js';
import { NativeSpan } from './native-span.js';
import {
  activeTraceId,
  createWatchCheck,
  INSTRUMENTATION,
  type OpenTelemetryApi,
} from './open-telemetry.api.js';
import { UNSEEN_SPAN } from './no-telemetry.js';
import { withRemote } from './remote-context.js';
import {
  Telemetry,
  type SpanDescription,
  type TelemetryAttributes,
  type TelemetrySpan,
} from './telemetry.js';

/** Spans, counters and histograms of our own, through OpenTelemetry. */
export class NativeTelemetry extends Telemetry {
  override readonly isMeasuring: boolean;
  private readonly isWatched: () => boolean;
  private readonly tracer: Tracer;
  private readonly counters = new Map<CounterName, Counter>();
  private readonly histograms = new Map<HistogramName, Histogram>();

  constructor(private readonly api: OpenTelemetryApi) {
    super();
    this.isWatched = createWatchCheck(api);
    this.tracer = api.trace.getTracer(INSTRUMENTATION);
    const meter = api.metrics.getMeter(INSTRUMENTATION);
    // The package alone collects nothing: that takes an SDK.
    this.isMeasuring = meter !== api.createNoopMeter();
    for (const [name, description] of entriesOf(COUNTERS)) {
      this.counters.set(name, meter.createCounter(name, { description }));
    }
    for (const [name, description] of entriesOf(HISTOGRAMS)) {
      const histogram = meter.createHistogram(name, {
        description,
        unit: 's',
        advice: { explicitBucketBoundaries: DURATION_BUCKETS },
      });
      this.histograms.set(name, histogram);
    }
  }

  override get traceId(): string | undefined {
    return activeTraceId(this.api);
  }

  override span<T>(
    describe: () => SpanDescription,
    work: (span: TelemetrySpan) => T,
  ): T {
    if (!this.isWatched()) return work(UNSEEN_SPAN);
    const { context, trace } = this.api;
    const description = describe();
    const parent = description.parent
      ? withRemote(this.api, description.parent)
      : context.active();
    const span = new NativeSpan(this.api, this.start(description, parent));
    const fail = (error: unknown): never => {
      span.fail(errorTypeOf(error));
      span.end();
      throw error;
    };
    try {
      const within = trace.setSpan(parent, span.native);
      const result = context.with(within, () => work(span));
      if (result instanceof Promise) {
        return result.then((value: unknown) => {
          span.end();
          return value;
        }, fail) as T;
      }
      span.end();
      return result;
    } catch (error) {
      return fail(error);
    }
  }

  override count(name: CounterName, attributes?: TelemetryAttributes): void {
    this.counters.get(name)?.add(1, attributes);
  }

  override record(
    name: HistogramName,
    seconds: number,
    attributes?: TelemetryAttributes,
  ): void {
    this.histograms.get(name)?.record(seconds, attributes);
  }

  private start(description: SpanDescription, parent: Context) {
    const { context, isSpanContextValid, SpanKind, trace } = this.api;
    const kinds = {
      server: SpanKind.SERVER,
      client: SpanKind.CLIENT,
      internal: SpanKind.INTERNAL,
    };
    const { name, kind, attributes } = description;
    const ambient = trace.getSpanContext(context.active());
    // A trace of its own does not lose sight of the HTTP request it came with.
    const isElsewhere =
      ambient !== undefined &&
      isSpanContextValid(ambient) &&
      trace.getSpanContext(parent) !== ambient;
    return this.tracer.startSpan(
      name,
      {
        kind: kinds[kind],
        attributes,
        links: isElsewhere ? [{ context: ambient }] : [],
      },
      parent,
    );
  }
}

function entriesOf<Name extends string>(
  definitions: Readonly<Record<Name, string>>,
): readonly (readonly [Name, string])[] {
  return Object.entries(definitions) as [Name, string][];
}
