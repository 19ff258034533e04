import type { CounterName, HistogramName } from './metric.definitions.js';
import type { TraceContext } from './trace-context.js';

/** Facts about a span or a measurement. Never a token, never a message. */
export type TelemetryAttributes = Readonly<
  Record<string, string | number | boolean | undefined>
>;

/** What a span is called and where it belongs. */
export interface SpanDescription {
  readonly name: string;
  /** `server` answers a request, `client` makes one. */
  readonly kind: 'server' | 'client' | 'internal';
  readonly attributes?: TelemetryAttributes;
  /** What the caller said about its own trace. */
  readonly parent?: TraceContext;
}

/** A span under way. It ends with the work it was started for. */
export interface TelemetrySpan {
  set(attributes: TelemetryAttributes): void;
  /** Marks a failure that is not thrown. */
  fail(errorType: string): void;
}

/**
 * What the library tells about its work to whoever collects telemetry. One
 * implementation speaks to OpenTelemetry, and one does nothing.
 */
export abstract class Telemetry {
  /** Whether measurements go anywhere. */
  abstract readonly isMeasuring: boolean;

  /** The trace that the current work belongs to. */
  abstract readonly traceId: string | undefined;

  /**
   * Runs work within a span, which ends when the work does. What the work
   * returns or throws is passed on.
   *
   * @param describe called only when somebody wants to know
   */
  abstract span<T>(
    describe: () => SpanDescription,
    work: (span: TelemetrySpan) => T,
  ): T;

  /** Counts one. */
  abstract count(name: CounterName, attributes?: TelemetryAttributes): void;

  /** Records a duration, in seconds. */
  abstract record(
    name: HistogramName,
    seconds: number,
    attributes?: TelemetryAttributes,
  ): void;
}
