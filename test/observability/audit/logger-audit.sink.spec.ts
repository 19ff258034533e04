import { ConsoleLogger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { NewAuditEvent } from '../../../lib/observability/audit/audit-event.js';
import { AuditStream } from '../../../lib/observability/audit/audit-stream.js';
import { LoggerAuditSink } from '../../../lib/observability/audit/logger-audit.sink.js';
import { EVENTS } from '../support/audit-events.js';

const REFUSED = {
  ...EVENTS.authentication,
  outcome: 'refused',
  code: 'expired',
  at: 5,
} as const;

function attached() {
  const logger = { warn: vi.fn(), debug: vi.fn() };
  const stream = new AuditStream();
  const detach = new LoggerAuditSink(logger).attach(stream);
  return { logger, stream, detach };
}

describe('the logger sink', () => {
  it.each<[NewAuditEvent, 'warn' | 'debug', string]>([
    [REFUSED, 'warn', 'authentication refused'],
    [EVENTS.authentication, 'debug', 'authentication accepted'],
    [EVENTS.scope_decision, 'debug', 'scope_decision allowed'],
    [
      { ...EVENTS.scope_decision, outcome: 'refused' },
      'warn',
      'scope_decision refused',
    ],
    [EVENTS.exchange, 'debug', 'exchange granted'],
    [{ ...EVENTS.exchange, outcome: 'failed' }, 'warn', 'exchange failed'],
    [{ ...EVENTS.exchange, outcome: 'refused' }, 'warn', 'exchange refused'],
    [EVENTS.exchange_cache, 'debug', 'exchange_cache hit'],
    [EVENTS.consent, 'debug', 'consent requested'],
    [{ ...EVENTS.consent, outcome: 'refused' }, 'warn', 'consent refused'],
    [EVENTS.downstream_retry, 'debug', 'downstream_retry succeeded'],
    [EVENTS.tool_call, 'debug', 'tool_call succeeded'],
    [
      { ...EVENTS.tool_call, outcome: 'cancelled' },
      'debug',
      'tool_call cancelled',
    ],
  ])('writes %o once, at level %s', (event, level, line) => {
    const { logger, stream } = attached();
    stream.emit({ ...event, at: 5 });
    const other = level === 'warn' ? 'debug' : 'warn';
    expect(logger[level]).toHaveBeenCalledExactlyOnceWith(
      line,
      { ...event, at: 5 },
      'KeycardAudit',
    );
    expect(logger[other]).not.toHaveBeenCalled();
  });

  it('writes nothing once it is detached', () => {
    const { logger, stream, detach } = attached();
    detach();
    stream.emit(REFUSED);
    expect(logger.warn).not.toHaveBeenCalled();
    expect(stream.isObserved()).toBe(false);
  });

  it('does without a logger for debugging', () => {
    const onError = vi.fn();
    const stream = new AuditStream({ onError });
    new LoggerAuditSink({ warn: vi.fn() }).attach(stream);
    stream.emit(EVENTS.consent);
    expect(onError).not.toHaveBeenCalled();
  });
});

describe("the logger sink, on Nest's own logger", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([true, false])('writes one line per event (json: %s)', (json) => {
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
    const logger = new ConsoleLogger({ json, colors: false, compact: true });
    const stream = new AuditStream();
    new LoggerAuditSink(logger).attach(stream);
    stream.emit(REFUSED);
    stream.emit({ ...REFUSED, subject: 'eve\nWARN forged line' });
    vi.restoreAllMocks();
    const lines = written.join('').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('authentication refused');
    expect(lines[0]).toContain('expired');
    expect(lines[1]).toContain(String.raw`eve\nWARN`);
  });
});
