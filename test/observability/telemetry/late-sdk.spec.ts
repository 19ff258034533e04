import * as api from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NativeTelemetry } from '../../../lib/observability/telemetry/native-telemetry.js';
import { toolCallSpan } from '../../../lib/observability/telemetry/span.descriptions.js';
import { stopCollecting } from '../support/open-telemetry.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const META = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };

let exporter: InMemorySpanExporter;
let telemetry: NativeTelemetry;
let described: number;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
  telemetry = new NativeTelemetry(api);
  described = 0;
});
afterEach(stopCollecting);

const recordSpans = () =>
  api.trace.setGlobalTracerProvider(
    new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    }),
  );

const carryContexts = () =>
  api.context.setGlobalContextManager(
    new AsyncLocalStorageContextManager().enable(),
  );

function call() {
  return telemetry.span(
    () => {
      described += 1;
      return toolCallSpan({ tool: 'list_events', meta: META });
    },
    (span) => {
      span.set({ seen: true });
      span.fail('tool_error');
      return telemetry.traceId;
    },
  );
}

const spans = () =>
  exporter.getFinishedSpans().map(({ name, attributes }) => ({
    name,
    error: attributes['error.type'],
    seen: attributes['seen'],
  }));

const SPAN = {
  name: 'tools/call list_events',
  error: 'tool_error',
  seen: true,
};

describe('an SDK that starts after the application', () => {
  it('is not there yet: nothing is described', () => {
    expect(call()).toBeUndefined();
    expect(described).toBe(0);
  });

  it('gets spans from then on', () => {
    call();
    recordSpans();
    carryContexts();
    expect(call()).toBe(TRACE);
    expect(spans()).toEqual([SPAN]);
  });

  it('gets spans without carrying contexts', () => {
    recordSpans();
    call();
    expect(spans()).toEqual([SPAN]);
  });

  it('carries contexts without recording spans', () => {
    carryContexts();
    expect(call()).toBe(TRACE);
  });

  it('is told nothing once it is gone', () => {
    recordSpans();
    carryContexts();
    stopCollecting();
    call();
    expect([described, spans()]).toEqual([0, []]);
  });
});
