import { afterEach, describe, expect, it, vi } from 'vitest';
import { DocumentProbe } from '../../../lib/observability/health/document.probe.js';
import type {
  HealthProbe,
  HealthReport,
  HealthStatus,
} from '../../../lib/observability/health/health-probe.interface.js';
import { KeycardHealthIndicator } from '../../../lib/observability/health/keycard.health-indicator.js';

const SECRET = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLWl0';

const fixed = (name: string, report: HealthReport): HealthProbe => ({
  name,
  probe: () => report,
});

describe('the indicator', () => {
  afterEach(() => vi.useRealTimers());

  it.each<[HealthStatus[], HealthStatus]>([
    [[], 'up'],
    [['up', 'up'], 'up'],
    [['up', 'degraded'], 'degraded'],
    [['degraded', 'down', 'up'], 'down'],
  ])('with parts %j is %s', async (parts, status) => {
    const probes = parts.map((part, index) =>
      fixed(`part${index}`, { status: part }),
    );
    const { keycard } = await new KeycardHealthIndicator(probes).check();
    expect(keycard.status).toBe(status);
  });

  it('reports every part under the key it is asked for', async () => {
    const indicator = new KeycardHealthIndicator([
      fixed('discovery', { status: 'up', details: { ageSeconds: 3 } }),
      fixed('exchange', { status: 'down', details: { failed: 9 } }),
    ]);
    await expect(indicator.check('zone')).resolves.toEqual({
      zone: {
        status: 'down',
        discovery: { status: 'up', ageSeconds: 3 },
        exchange: { status: 'down', failed: 9 },
      },
    });
  });

  it.each([
    [
      'throws',
      () => {
        throw new TypeError(SECRET);
      },
      'TypeError',
    ],
    [
      'rejects',
      () =>
        Promise.reject(Object.assign(new Error(SECRET), { code: 'zone_down' })),
      'zone_down',
    ],
  ])(
    'takes a part that %s for down, and says why',
    async (_how, probe, error) => {
      const indicator = new KeycardHealthIndicator([
        { name: 'discovery', probe },
        fixed('exchange', { status: 'up' }),
      ]);
      await expect(indicator.check()).resolves.toEqual({
        keycard: {
          status: 'down',
          discovery: { status: 'down', error },
          exchange: { status: 'up' },
        },
      });
    },
  );

  it('takes a part that does not answer for down', async () => {
    vi.useFakeTimers();
    const indicator = new KeycardHealthIndicator(
      [{ name: 'discovery', probe: () => new Promise(() => {}) }],
      { timeout: 50 },
    );
    const check = indicator.check();
    await vi.advanceTimersByTimeAsync(50);
    await expect(check).resolves.toEqual({
      keycard: {
        status: 'down',
        discovery: { status: 'down', error: 'timeout' },
      },
    });
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers();
    await new KeycardHealthIndicator([fixed('a', { status: 'up' })]).check();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells no secret that a part tells', async () => {
    const indicator = new KeycardHealthIndicator([
      fixed('a', { status: 'up', details: { note: `got ${SECRET}` } }),
    ]);
    const told = JSON.stringify(await indicator.check());
    expect(told).toContain('got [redacted]');
    expect(told).not.toContain(SECRET);
  });

  it.each([[['status']], [['responseTime']], [['a', 'a']]])(
    'refuses parts named %j',
    (names) => {
      const probes = names.map((name) => fixed(name, { status: 'up' }));
      expect(() => new KeycardHealthIndicator(probes)).toThrow(`"${names[0]}"`);
    },
  );
});

describe('the probe of a document', () => {
  it.each<[number | undefined, number | undefined, HealthReport]>([
    [undefined, undefined, { status: 'up', details: { loaded: false } }],
    [undefined, 1, { status: 'up', details: { loaded: false } }],
    [
      90_400,
      undefined,
      { status: 'up', details: { loaded: true, ageSeconds: 90 } },
    ],
    [5000, 5000, { status: 'up', details: { loaded: true, ageSeconds: 5 } }],
    [
      5001,
      5000,
      { status: 'degraded', details: { loaded: true, ageSeconds: 5 } },
    ],
  ])('of age %s, at most %s', async (age, maxAge, report) => {
    const probe = new DocumentProbe('keys', { age }, { maxAge });
    await expect(probe.probe()).resolves.toEqual(report);
  });

  it('reads the document before it looks at its age', async () => {
    let age: number | undefined;
    const document = {
      get age() {
        return age;
      },
      read: () => {
        age = 0;
        return Promise.resolve();
      },
    };
    await expect(new DocumentProbe('a', document).probe()).resolves.toEqual({
      status: 'up',
      details: { loaded: true, ageSeconds: 0 },
    });
  });

  it('fails when there is nothing to read', async () => {
    const error = new Error('down');
    const document = { age: 1, read: () => Promise.reject(error) };
    await expect(new DocumentProbe('a', document).probe()).rejects.toBe(error);
  });
});
