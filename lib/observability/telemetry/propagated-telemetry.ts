import { NoTelemetry, UNSEEN_SPAN } from './no-telemetry.js';
import { activeTraceId, type OpenTelemetryApi } from './open-telemetry.api.js';
import { withRemote } from './remote-context.js';
import type { SpanDescription, TelemetrySpan } from './telemetry.js';

/**
 * Continues the sender's trace without adding to it, for applications whose
 * own instrumentation makes the spans.
 */
export class PropagatedTelemetry extends NoTelemetry {
  constructor(private readonly api: OpenTelemetryApi) {
    super();
  }

  override get traceId(): string | undefined {
    return activeTraceId(this.api);
  }

  override span<T>(
    describe: () => SpanDescription,
    work: (span: TelemetrySpan) => T,
  ): T {
    const { parent } = describe();
    if (!parent) return work(UNSEEN_SPAN);
    const context = withRemote(this.api, parent);
    return this.api.context.with(context, () => work(UNSEEN_SPAN));
  }
}
