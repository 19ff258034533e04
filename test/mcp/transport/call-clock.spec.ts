import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallClock } from '../../../lib/mcp/transport/call-clock.js';

describe('the clock of a call', () => {
  let clock: CallClock;
  const expire = vi.fn<() => void>();

  beforeEach(() => {
    vi.useFakeTimers();
    expire.mockReset();
    clock = new CallClock();
  });
  afterEach(() => vi.useRealTimers());

  /** Holds the clock until it is let go. */
  const hold = () => {
    let letGo: () => void = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const done = clock.pauseFor(() => held);
    return async () => {
      letGo();
      await done;
    };
  };

  it('runs out', () => {
    clock.start(100, expire);
    vi.advanceTimersByTime(99);
    expect(expire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expire).toHaveBeenCalledOnce();
  });

  it('starts once', () => {
    clock.start(100, expire);
    vi.advanceTimersByTime(60);
    clock.start(100, expire);
    vi.advanceTimersByTime(40);
    expect(expire).toHaveBeenCalledOnce();
  });

  it.each([0, -1, Number.NaN])('never runs out after %d', (milliseconds) => {
    clock.start(milliseconds, expire);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stands still while somebody else is waited for', async () => {
    clock.start(100, expire);
    vi.advanceTimersByTime(60);
    const letGo = hold();
    vi.advanceTimersByTime(10_000);
    expect(vi.getTimerCount()).toBe(0);
    await letGo();
    vi.advanceTimersByTime(39);
    expect(expire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expire).toHaveBeenCalledOnce();
  });

  it('goes on when all that is waited for is there', async () => {
    clock.start(100, expire);
    const [first, second] = [hold(), hold()];
    await first();
    vi.advanceTimersByTime(10_000);
    expect(expire).not.toHaveBeenCalled();
    await second();
    vi.advanceTimersByTime(100);
    expect(expire).toHaveBeenCalledOnce();
  });

  it('can stand still before it starts', async () => {
    const letGo = hold();
    clock.start(100, expire);
    vi.advanceTimersByTime(10_000);
    await letGo();
    vi.advanceTimersByTime(100);
    expect(expire).toHaveBeenCalledOnce();
  });

  it('goes on when what is waited for fails', async () => {
    clock.start(100, expire);
    const failing = clock.pauseFor(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    vi.advanceTimersByTime(100);
    expect(expire).toHaveBeenCalledOnce();
  });

  it('stays stopped', async () => {
    clock.start(100, expire);
    const letGo = hold();
    clock.stop();
    await letGo();
    expect(vi.getTimerCount()).toBe(0);
  });
});
