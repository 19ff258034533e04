import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeepAlive } from '../../../lib/mcp/transport/keep-alive.js';

function createResponse(writableNeedDrain: boolean) {
  const write = vi.fn<(text: string) => void>();
  const response = { writableNeedDrain, write } as unknown as ServerResponse;
  return { response, write };
}

describe('KeepAlive', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('comments on open streams with one timer, and not on full ones', () => {
    const keepAlive = new KeepAlive(1000);
    const open = createResponse(false);
    const full = createResponse(true);
    const closed = createResponse(false);
    for (const { response } of [open, full, closed]) keepAlive.add(response);
    keepAlive.delete(closed.response);
    keepAlive.start();
    const timers = vi.getTimerCount();
    vi.advanceTimersByTime(2500);
    keepAlive.stop();

    expect([timers, keepAlive.size]).toEqual([1, 2]);
    expect(open.write.mock.calls).toEqual([
      [': keep-alive\n\n'],
      [': keep-alive\n\n'],
    ]);
    expect(full.write).not.toHaveBeenCalled();
    expect(closed.write).not.toHaveBeenCalled();
  });

  it('has no timer with an interval of 0', () => {
    const keepAlive = new KeepAlive(0);
    keepAlive.start();

    expect(vi.getTimerCount()).toBe(0);
  });
});
