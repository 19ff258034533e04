import * as api from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PropagatedTelemetry } from '../../../lib/observability/telemetry/propagated-telemetry.js';
import { toolCallSpan } from '../../../lib/observability/telemetry/span.descriptions.js';
import {
  startCollecting,
  stopCollecting,
  type Collector,
} from '../support/open-telemetry.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const META = {
  traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
  baggage: 'tenant=blue',
};

let collector: Collector;
beforeEach(() => {
  collector = startCollecting();
});
afterEach(stopCollecting);

describe('propagation only', () => {
  it("puts the application's own spans into the caller's trace", async () => {
    const telemetry = new PropagatedTelemetry(api);
    const result = await telemetry.span(
      () => toolCallSpan({ tool: 'a', meta: META }),
      async (span) => {
        span.set({ ignored: true });
        span.fail('ignored');
        await new Promise((resolve) => setImmediate(resolve));
        expect(telemetry.traceId).toBe(TRACE);
        const baggage = api.propagation.getActiveBaggage();
        expect(baggage?.getEntry('tenant')?.value).toBe('blue');
        api.trace.getTracer('theirs').startSpan('GET').end();
        return 'done';
      },
    );
    expect(result).toBe('done');
    const spans = collector.spans();
    expect(spans.map(({ name }) => name)).toEqual(['GET']);
    expect(spans[0]!.spanContext().traceId).toBe(TRACE);
  });

  it('leaves work alone that comes with nothing valid', () => {
    const telemetry = new PropagatedTelemetry(api);
    const meta = { traceparent: `${META.traceparent}-` };
    const before = api.context.active();
    telemetry.span(
      () => toolCallSpan({ tool: 'a', meta }),
      () => expect(api.context.active()).toBe(before),
    );
    expect(telemetry.traceId).toBeUndefined();
  });

  it('measures nothing', async () => {
    const telemetry = new PropagatedTelemetry(api);
    expect(telemetry.isMeasuring).toBe(false);
    telemetry.count();
    telemetry.record();
    await expect(
      collector.measurements('keycard.authentications'),
    ).resolves.toEqual([]);
  });
});
