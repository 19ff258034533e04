import * as api from '@opentelemetry/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NativeTelemetry } from '../../../lib/observability/telemetry/native-telemetry.js';
import { NO_TELEMETRY } from '../../../lib/observability/telemetry/no-telemetry.js';
import { PropagatedTelemetry } from '../../../lib/observability/telemetry/propagated-telemetry.js';
import {
  createTelemetry,
  importIfInstalled,
  loadTelemetry,
} from '../../../lib/observability/telemetry/telemetry.loader.js';
import { startCollecting, stopCollecting } from '../support/open-telemetry.js';

const NOT_INSTALLED = '@opentelemetry/api-that-nobody-installed';

const failure = (code: string, message: string) =>
  Object.assign(new Error(message), { code });

const DESCRIPTION = () => ({ name: 'a', kind: 'server' }) as const;

const failing = (reason: Error) => async (): Promise<typeof api> => {
  await Promise.resolve();
  throw reason;
};

afterEach(stopCollecting);

describe('telemetry', () => {
  it('is what the mode says, through the installed package', async () => {
    expect(await loadTelemetry()).toBeInstanceOf(NativeTelemetry);
    expect(await loadTelemetry('native')).toBeInstanceOf(NativeTelemetry);
    expect(await loadTelemetry('propagation_only')).toBeInstanceOf(
      PropagatedTelemetry,
    );
    expect(await loadTelemetry('off')).toBe(NO_TELEMETRY);
  });

  it.each(['native', 'propagation_only', 'off'] as const)(
    'is none without the package: %s',
    (mode) => {
      expect(createTelemetry(mode, undefined)).toBe(NO_TELEMETRY);
    },
  );

  it('measures only when something collects', () => {
    expect(new NativeTelemetry(api).isMeasuring).toBe(false);
    startCollecting();
    expect(new NativeTelemetry(api).isMeasuring).toBe(true);
  });

  it('works with the package alone', () => {
    const telemetry = new NativeTelemetry(api);
    expect(telemetry.span(DESCRIPTION, () => 7)).toBe(7);
    expect(telemetry.traceId).toBeUndefined();
  });
});

describe('the package', () => {
  afterEach(() => {
    vi.doUnmock('@opentelemetry/api');
    vi.resetModules();
  });

  it('is looked for once, and never when telemetry is off', async () => {
    const load = vi.fn(() => ({ ...api }));
    vi.resetModules();
    vi.doMock('@opentelemetry/api', load);
    const fresh =
      await import('../../../lib/observability/telemetry/telemetry.loader.js');
    await fresh.loadTelemetry('off');
    expect(load).not.toHaveBeenCalled();
    await fresh.loadTelemetry('propagation_only');
    await fresh.loadTelemetry();
    expect(load).toHaveBeenCalledOnce();
  });

  it('may really be missing', async () => {
    const missing = importIfInstalled(
      () => import(/* @vite-ignore */ NOT_INSTALLED) as Promise<typeof api>,
    );
    await expect(missing).resolves.toBeUndefined();
  });

  it.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])(
    'may be missing: %s',
    async (code) => {
      const error = failure(code, "Cannot find package '@opentelemetry/api'");
      await expect(importIfInstalled(failing(error))).resolves.toBeUndefined();
    },
  );

  it.each([
    failure('ERR_MODULE_NOT_FOUND', "Cannot find package 'tslib'"),
    failure('ERR_INVALID_PACKAGE_CONFIG', "in '@opentelemetry/api'"),
    new Error('@opentelemetry/api'),
  ])('must not be broken: %s', async (error) => {
    await expect(importIfInstalled(failing(error))).rejects.toBe(error);
  });
});

describe('no telemetry', () => {
  it('runs the work, at once, and asks for nothing', () => {
    const describeSpan = vi.fn();
    const result = NO_TELEMETRY.span(describeSpan, (span) => {
      span.set({ a: 1 });
      span.fail('a');
      return 7;
    });
    expect(result).toBe(7);
    expect(describeSpan).not.toHaveBeenCalled();
    expect(NO_TELEMETRY.isMeasuring).toBe(false);
    expect(NO_TELEMETRY.traceId).toBeUndefined();
    expect(NO_TELEMETRY.count('keycard.exchanges')).toBeUndefined();
    expect(NO_TELEMETRY.record('keycard.exchange.duration', 1)).toBeUndefined();
  });

  it('passes on what the work throws', () => {
    const error = new Error('no');
    expect(() =>
      NO_TELEMETRY.span(vi.fn(), () => {
        throw error;
      }),
    ).toThrow(error);
  });
});
