import * as api from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditStream } from '../../../lib/observability/audit/audit-stream.js';
import { measureAudit } from '../../../lib/observability/telemetry/audit-metrics.js';
import { NativeTelemetry } from '../../../lib/observability/telemetry/native-telemetry.js';
import { NO_TELEMETRY } from '../../../lib/observability/telemetry/no-telemetry.js';
import { EVENTS } from '../support/audit-events.js';
import {
  startCollecting,
  stopCollecting,
  type Collector,
} from '../support/open-telemetry.js';

let collector: Collector;
let stream: AuditStream;
let detach: () => void;

beforeEach(() => {
  collector = startCollecting();
  stream = new AuditStream();
  detach = measureAudit(stream, new NativeTelemetry(api));
});
afterEach(stopCollecting);

const GRANTED = {
  'keycard.outcome': 'granted',
  'keycard.exchange.mode': 'on_behalf',
  'keycard.resource': 'calendar.example.com',
};

describe('the measurements of an audit stream', () => {
  it('count authentications by outcome and reason', async () => {
    stream.emit(EVENTS.authentication);
    stream.emit(EVENTS.authentication);
    stream.emit({
      type: 'authentication',
      outcome: 'refused',
      code: 'expired',
      subject: 'alice',
    });
    await expect(
      collector.measurements('keycard.authentications'),
    ).resolves.toEqual([
      { value: 2, attributes: { 'keycard.outcome': 'accepted' } },
      {
        value: 1,
        attributes: { 'keycard.outcome': 'refused', 'error.type': 'expired' },
      },
    ]);
  });

  it('count exchanges', async () => {
    stream.emit(EVENTS.exchange);
    stream.emit({ ...EVENTS.exchange, outcome: 'failed', code: 'timeout' });
    await expect(collector.measurements('keycard.exchanges')).resolves.toEqual([
      { value: 1, attributes: GRANTED },
      {
        value: 1,
        attributes: {
          ...GRANTED,
          'keycard.outcome': 'failed',
          'error.type': 'timeout',
        },
      },
    ]);
  });

  it('time exchanges in seconds', async () => {
    stream.emit(EVENTS.exchange);
    stream.emit({ ...EVENTS.exchange, duration: 750 });
    const [measured] = await collector.measurements(
      'keycard.exchange.duration',
    );
    expect(measured).toMatchObject({
      value: { count: 2, sum: 1, min: 0.25, max: 0.75 },
      attributes: GRANTED,
    });
  });

  it('count look-ups', async () => {
    stream.emit(EVENTS.exchange_cache);
    stream.emit({ ...EVENTS.exchange_cache, outcome: 'miss' });
    stream.emit({ ...EVENTS.exchange_cache, outcome: 'shared_hit' });
    const counted = await collector.measurements('keycard.exchange.cache');
    expect(counted).toEqual(
      ['hit', 'miss', 'shared_hit'].map((outcome) => ({
        value: 1,
        attributes: { 'keycard.outcome': outcome },
      })),
    );
  });

  it('time tool calls', async () => {
    stream.emit(EVENTS.tool_call);
    stream.emit({ ...EVENTS.tool_call, outcome: 'failed', code: 'tool_error' });
    stream.emit({ ...EVENTS.tool_call, outcome: 'cancelled' });
    const timed = await collector.measurements('mcp.server.operation.duration');
    const call = {
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'list_events',
    };
    expect(timed.map(({ attributes }) => attributes)).toEqual([
      call,
      { ...call, 'error.type': 'tool_error' },
      { ...call, 'error.type': 'cancelled' },
    ]);
    expect(timed[0]!.value).toMatchObject({ count: 1, sum: 1.5 });
  });

  it('stop when they are told to', async () => {
    detach();
    expect(stream.isObserved()).toBe(false);
    stream.emit(EVENTS.exchange);
    await expect(collector.measurements('keycard.exchanges')).resolves.toEqual(
      [],
    );
  });

  it('cost nothing when nobody collects', () => {
    const unheard = new AuditStream();
    measureAudit(unheard, NO_TELEMETRY)();
    expect(unheard.isObserved()).toBe(false);
    stopCollecting();
    measureAudit(unheard, new NativeTelemetry(api));
    expect(unheard.isObserved()).toBe(false);
  });
});
