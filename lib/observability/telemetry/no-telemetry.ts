import {
  Telemetry,
  type SpanDescription,
  type TelemetrySpan,
} from './telemetry.js';

/** A span that nobody sees. */
export const UNSEEN_SPAN: TelemetrySpan = Object.freeze({
  set: () => {},
  fail: () => {},
});

/** Telemetry that costs a function call. */
export class NoTelemetry extends Telemetry {
  override readonly isMeasuring: boolean = false;

  override get traceId(): string | undefined {
    return undefined;
  }

  override span<T>(
    _describe: () => SpanDescription,
    work: (span: TelemetrySpan) => T,
  ): T {
    return work(UNSEEN_SPAN);
  }

  override count(): void {}

  override record(): void {}
}

/** For whoever was given no telemetry. */
export const NO_TELEMETRY: Telemetry = new NoTelemetry();
