import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { context, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.js';
import {
  startAssistantWorld,
  type AssistantWorld,
} from '../support/assistant.fixture.js';
import { bearer, post, request } from '../support/post.js';

const exporter = new InMemorySpanExporter();
let world: AssistantWorld;

beforeAll(async () => {
  context.setGlobalContextManager(
    new AsyncLocalStorageContextManager().enable(),
  );
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    }),
  );
  world = await startAssistantWorld(ADAPTERS[0]![1]);
});
afterAll(async () => {
  await world.stop();
  trace.disable();
  context.disable();
});

it('a call and its exchange are spans of the trace the client names', async () => {
  const { accessToken } = await world.zone.login('usr_ada');
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await post(
    world.mcpUrl,
    request('tools/call', {
      name: 'list_events',
      arguments: {},
      _meta: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    }),
    bearer(accessToken),
  );
  const spans = exporter.getFinishedSpans();
  const host = new URL(world.calendar).host;
  expect(spans.map(({ name }) => name).sort()).toEqual([
    `token_exchange ${host}`,
    'tools/call list_events',
  ]);
  const [exchange, call] = spans;
  expect(call!.spanContext().traceId).toBe(traceId);
  expect(exchange!.parentSpanContext!.spanId).toBe(call!.spanContext().spanId);
  expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toMatch(
    /eyJ[\w-]{10,}/,
  );
});
