import * as api from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NativeTelemetry } from '../../../lib/observability/telemetry/native-telemetry.js';
import {
  exchangeSpan,
  toolCallSpan,
  type ToolCallFacts,
} from '../../../lib/observability/telemetry/span.descriptions.js';
import {
  startCollecting,
  stopCollecting,
  type Collector,
} from '../support/open-telemetry.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const OTHER_TRACE = '0af7651916cd43dd8448eb211c80319c';
const META = {
  traceparent: `00-${TRACE}-${SPAN}-01`,
  tracestate: 'rojo=1',
  baggage: 'tenant=blue;ttl=5',
};
const HEADERS = { traceparent: `00-${OTHER_TRACE}-${SPAN}-01`, baggage: 'h=1' };

const EXCHANGE = {
  resource: 'https://calendar.example.com/v1?secret=1',
  mode: 'on_behalf',
  issuer: 'https://zone.example.com',
} as const;

let collector: Collector;
let telemetry: NativeTelemetry;

beforeEach(() => {
  collector = startCollecting();
  telemetry = new NativeTelemetry(api);
});
afterEach(stopCollecting);

function onlySpan(): ReadableSpan {
  const spans = collector.spans();
  expect(spans).toHaveLength(1);
  return spans[0]!;
}

/** A promise to be kept later. */
function deferred() {
  let resolve!: (value: number) => void;
  const promise = new Promise<number>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}

function call(facts: Partial<ToolCallFacts> = {}, work = () => {}) {
  telemetry.span(() => toolCallSpan({ tool: 'list_events', ...facts }), work);
  return collector.spans().at(-1)!;
}

function callWithin(facts: Partial<ToolCallFacts>) {
  const outer = api.trace.getTracer('http').startSpan('POST /mcp');
  const carried = api.propagation.setBaggage(
    api.trace.setSpan(api.context.active(), outer),
    api.propagation.createBaggage({ o: { value: 'outer' } }),
  );
  let baggage: string[] = [];
  const span = api.context.with(carried, () =>
    call(facts, () => {
      const entries = api.propagation.getActiveBaggage()?.getAllEntries();
      baggage = (entries ?? []).map(([key]) => key);
    }),
  );
  return { outer: outer.spanContext(), span, baggage };
}

describe('the span of a tool call', () => {
  it('says what was called, for whom and when', () => {
    const span = call({ requestId: 7, sessionId: 'session-1' });
    expect(span.name).toBe('tools/call list_events');
    expect(span.kind).toBe(api.SpanKind.SERVER);
    expect(span.instrumentationScope.name).toBe('nestjs-keycard');
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.tool.name': 'list_events',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'list_events',
      'jsonrpc.request.id': '7',
      'mcp.session.id': 'session-1',
    });
    expect(span.status.code).toBe(api.SpanStatusCode.UNSET);
  });

  it('leaves out what is not known', () => {
    const names = Object.keys(call().attributes);
    expect(names).not.toContain('mcp.session.id');
    expect(names).not.toContain('jsonrpc.request.id');
  });

  it('continues the trace of _meta, with its state and baggage', () => {
    let baggage: api.Baggage | undefined;
    telemetry.span(
      () => toolCallSpan({ tool: 'a', meta: META, headers: HEADERS }),
      () => {
        baggage = api.propagation.getActiveBaggage();
        expect(telemetry.traceId).toBe(TRACE);
      },
    );
    const span = onlySpan();
    expect(span.spanContext().traceId).toBe(TRACE);
    expect(span.spanContext().traceState?.serialize()).toBe('rojo=1');
    expect(span.parentSpanContext).toMatchObject({
      spanId: SPAN,
      isRemote: true,
    });
    expect(span.links).toEqual([]);
    expect(baggage?.getEntry('tenant')?.value).toBe('blue');
    expect(baggage?.getEntry('tenant')?.metadata?.toString()).toBe('ttl=5');
    expect(baggage?.getEntry('h')).toBeUndefined();
  });

  it.each([
    ['nothing', undefined],
    ['a wrong traceparent', { traceparent: META.traceparent.toUpperCase() }],
  ])('continues the trace of the headers when _meta says %s', (_what, meta) => {
    const span = call({ meta, headers: HEADERS });
    expect(span.spanContext().traceId).toBe(OTHER_TRACE);
  });

  it('starts a trace when nobody says anything valid', () => {
    const span = call({ meta: { traceparent: `00-${TRACE}-${SPAN}` } });
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.spanContext().traceId).not.toBe(TRACE);
  });

  it('is not recorded when the caller does not record', () => {
    telemetry.span(
      () =>
        toolCallSpan({
          tool: 'a',
          meta: { traceparent: `00-${TRACE}-${SPAN}-00` },
        }),
      () => expect(telemetry.traceId).toBe(TRACE),
    );
    expect(collector.spans()).toEqual([]);
  });

  describe('within a span of the HTTP request', () => {
    it('is its child, rather than its sibling', () => {
      const { outer, span, baggage } = callWithin({ headers: HEADERS });
      expect(baggage).toEqual(['o']);
      expect(span.parentSpanContext?.spanId).toBe(outer.spanId);
      expect(span.spanContext().traceId).toBe(outer.traceId);
      expect(span.links).toEqual([]);
    });

    it('continues _meta and links to it', () => {
      const { outer, span, baggage } = callWithin({
        meta: META,
        headers: HEADERS,
      });
      expect(baggage).toEqual(['tenant']);
      expect(span.spanContext().traceId).toBe(TRACE);
      expect(span.links.map(({ context }) => context.spanId)).toEqual([
        outer.spanId,
      ]);
    });
  });
});

describe('the span of an exchange', () => {
  it('says no more of the resource than its host', () => {
    telemetry.span(
      () => exchangeSpan(EXCHANGE),
      () => {},
    );
    const span = onlySpan();
    expect(span.name).toBe('token_exchange calendar.example.com');
    expect(span.kind).toBe(api.SpanKind.CLIENT);
    expect(span.attributes).toEqual({
      'keycard.resource': 'calendar.example.com',
      'keycard.exchange.mode': 'on_behalf',
      'server.address': 'zone.example.com',
    });
  });

  it('has a name for a resource that is no URL', () => {
    expect(exchangeSpan({ ...EXCHANGE, resource: 'urn:api' }).name).toBe(
      'token_exchange unknown',
    );
  });

  it('belongs to the call it was made for, across awaits', async () => {
    await telemetry.span(
      () => toolCallSpan({ tool: 'a', meta: META }),
      async () => {
        await new Promise((resolve) => setImmediate(resolve));
        await telemetry.span(
          () => exchangeSpan(EXCHANGE),
          () => new Promise((resolve) => setImmediate(resolve)),
        );
      },
    );
    const [exchange, tool] = collector.spans();
    expect(exchange!.name).toBe('token_exchange calendar.example.com');
    expect(exchange!.parentSpanContext?.spanId).toBe(
      tool!.spanContext().spanId,
    );
    expect(exchange!.spanContext().traceId).toBe(TRACE);
  });
});

const DESCRIPTION = () => ({ name: 'work', kind: 'internal' }) as const;

const coded = (code: unknown) => Object.assign(new Error('secret'), { code });

describe('a span', () => {
  it('passes on what the work returns, at once or later', async () => {
    expect(telemetry.span(DESCRIPTION, () => 7)).toBe(7);
    expect(collector.spans()).toHaveLength(1);
    const { promise, resolve } = deferred();
    const result = telemetry.span(DESCRIPTION, () => promise);
    await Promise.resolve();
    expect(collector.spans()).toHaveLength(1);
    resolve(8);
    await expect(result).resolves.toBe(8);
    expect(collector.spans()).toHaveLength(2);
  });

  it('keeps facts that are found on the way', () => {
    telemetry.span(DESCRIPTION, (span) => span.set({ attempts: 2 }));
    expect(onlySpan().attributes).toEqual({ attempts: 2 });
  });

  it('can fail without throwing', () => {
    telemetry.span(DESCRIPTION, (span) => span.fail('tool_error'));
    expect(onlySpan().attributes).toEqual({ 'error.type': 'tool_error' });
    expect(onlySpan().status.code).toBe(api.SpanStatusCode.ERROR);
  });

  it.each([
    [coded('invalid_grant'), 'invalid_grant'],
    [coded(-32602), '-32602'],
    [coded('not a code'), 'Error'],
    [coded('eyJhbGciOiJSUzI1NiJ9.e30.x'), 'Error'],
    [new TypeError('secret'), 'TypeError'],
    [new DOMException('secret', 'AbortError'), 'AbortError'],
    [Object.assign(new Error('secret'), { name: 'a secret' }), 'Error'],
    ['secret', 'string'],
    [null, 'object'],
  ])('tells the kind of %s, not its message', async (thrown, errorType) => {
    expect(() =>
      telemetry.span(DESCRIPTION, () => {
        throw thrown;
      }),
    ).toThrow();
    const failing = async () => {
      await Promise.resolve();
      throw thrown;
    };
    await expect(telemetry.span(DESCRIPTION, failing)).rejects.toBe(thrown);
    const spans = collector.spans();
    expect(spans).toHaveLength(2);
    for (const span of spans) {
      expect(span.status).toEqual({ code: api.SpanStatusCode.ERROR });
      expect(span.attributes).toEqual({ 'error.type': errorType });
      expect(span.events).toEqual([]);
    }
  });
});
