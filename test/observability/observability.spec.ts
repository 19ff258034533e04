import { expect, it, vi } from 'vitest';
import { UNOBSERVED } from '../../lib/observability/observability.js';
import { NO_TELEMETRY } from '../../lib/observability/telemetry/no-telemetry.js';
import { EVENTS } from './support/audit-events.js';

it('what is built outside an application can never be listened to', () => {
  const listener = vi.fn();
  const complete = vi.fn();
  UNOBSERVED.audit.subscribe(listener)();
  UNOBSERVED.audit.asObservable().subscribe({ next: listener, complete });
  UNOBSERVED.audit.emit(EVENTS.consent);
  expect(UNOBSERVED.audit.isObserved()).toBe(false);
  expect(listener).not.toHaveBeenCalled();
  expect(complete).toHaveBeenCalledOnce();
  expect(UNOBSERVED.telemetry).toBe(NO_TELEMETRY);
});
