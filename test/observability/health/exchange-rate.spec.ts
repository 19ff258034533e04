import { beforeEach, describe, expect, it } from 'vitest';
import { AuditStream } from '../../../lib/observability/audit/audit-stream.js';
import { ExchangeRateProbe } from '../../../lib/observability/health/exchange-rate.probe.js';
import { ExchangeRate } from '../../../lib/observability/health/exchange-rate.js';
import { EVENTS } from '../support/audit-events.js';

let time: number;
const now = () => time;

beforeEach(() => {
  time = 1_700_000_000_000;
});

describe('the rate of failed exchanges', () => {
  it('is zero before the first', () => {
    expect(new ExchangeRate().count()).toEqual({
      total: 0,
      failed: 0,
      errorRate: 0,
    });
  });

  it('slides with the window, bucket by bucket', () => {
    const rate = new ExchangeRate({ window: 300, buckets: 3, now });
    rate.record(true);
    time += 100;
    rate.record(false);
    rate.record(false);
    time += 100;
    rate.record(true);
    expect(rate.count()).toEqual({ total: 4, failed: 2, errorRate: 0.5 });
    time += 100;
    expect(rate.count()).toEqual({ total: 3, failed: 1, errorRate: 1 / 3 });
    rate.record(false);
    expect(rate.count()).toEqual({ total: 4, failed: 1, errorRate: 0.25 });
    time += 100;
    expect(rate.count()).toEqual({ total: 2, failed: 1, errorRate: 0.5 });
  });

  it('forgets everything after a pause, whatever its length', () => {
    for (const pause of [300, 301, 400, 1_000, 1_000_000]) {
      const rate = new ExchangeRate({ window: 300, buckets: 3, now });
      rate.record(true);
      time += pause;
      expect(rate.count().total).toBe(0);
    }
  });

  it('keeps to what is past when the clock is set back', () => {
    const rate = new ExchangeRate({ window: 300, buckets: 3, now });
    rate.record(true);
    time -= 200;
    expect(rate.count().total).toBe(0);
  });

  it.each([
    [0, 1],
    [-1, 1],
    [Number.NaN, 1],
    [1, 0],
  ])('needs a window: %s ms in %s buckets', (window, buckets) => {
    expect(() => new ExchangeRate({ window, buckets })).toThrow(RangeError);
  });

  it.each([
    [{ outcome: 'granted' }, 0],
    [{ outcome: 'failed' }, 1],
    [{ outcome: 'refused', code: 'access_denied' }, 0],
    [{ outcome: 'refused', code: 'invalid_grant' }, 0],
    [{ outcome: 'refused' }, 0],
    [{ outcome: 'refused', code: 'invalid_client' }, 1],
    [{ outcome: 'refused', code: 'unauthorized_client' }, 1],
    [{ outcome: 'refused', code: 'unsupported_grant_type' }, 1],
  ] as const)('counts %j as %s failures', (facts, failed) => {
    const stream = new AuditStream();
    const rate = new ExchangeRate({ now });
    rate.follow(stream);
    stream.emit({ ...EVENTS.exchange, ...facts });
    stream.emit(EVENTS.tool_call);
    expect(rate.count()).toEqual({ total: 1, failed, errorRate: failed });
  });

  it('follows exchanges only, and only as long as it should', () => {
    const stream = new AuditStream();
    const rate = new ExchangeRate();
    const leave = rate.follow(stream);
    expect(stream.isObserved('authentication')).toBe(false);
    leave();
    expect(stream.isObserved()).toBe(false);
  });
});

function healthAfter(failed: number, granted: number, options = {}) {
  const rate = new ExchangeRate({ now });
  for (let index = 0; index < failed; index += 1) rate.record(true);
  for (let index = 0; index < granted; index += 1) rate.record(false);
  return new ExchangeRateProbe(rate, options).probe();
}

describe('the probe of the rate', () => {
  it.each([
    [0, 0, 'up'],
    [9, 0, 'up'],
    [10, 0, 'down'],
    [0, 10, 'up'],
    [9, 91, 'up'],
    [1, 9, 'degraded'],
    [49, 51, 'degraded'],
    [5, 5, 'down'],
  ])('of %s failed and %s granted is %s', (failed, granted, status) => {
    const report = healthAfter(failed, granted);
    expect(report.status).toBe(status);
    expect(report.details).toMatchObject({ total: failed + granted, failed });
  });

  it('takes other thresholds', () => {
    const options = { minimum: 2, degradedFrom: 0.6, downFrom: 0.9 };
    expect(healthAfter(1, 0, options).status).toBe('up');
    expect(healthAfter(1, 1, options).status).toBe('up');
    expect(healthAfter(2, 1, options).status).toBe('degraded');
    expect(healthAfter(9, 1, options).status).toBe('down');
  });

  it('tells the rate in a readable way', () => {
    expect(healthAfter(1, 2).details).toEqual({
      total: 3,
      failed: 1,
      errorRate: 0.333,
      windowSeconds: 300,
    });
  });
});
