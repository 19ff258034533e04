import type { Span } from '@opentelemetry/api';
import type { OpenTelemetryApi } from './open-telemetry.api.js';
import type { TelemetryAttributes, TelemetrySpan } from './telemetry.js';

/** A span of OpenTelemetry, without the ways to put a message into it. */
export class NativeSpan implements TelemetrySpan {
  constructor(
    private readonly api: OpenTelemetryApi,
    readonly native: Span,
  ) {}

  set(attributes: TelemetryAttributes): void {
    this.native.setAttributes(attributes);
  }

  fail(errorType: string): void {
    this.native.setAttribute('error.type', errorType);
    this.native.setStatus({ code: this.api.SpanStatusCode.ERROR });
  }

  end(): void {
    this.native.end();
  }
}
