import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryEventStore } from '../../../../lib/mcp/transport/resumption/memory-event-store.js';

const LIMITS = {
  maxEvents: 100,
  maxBytes: 100_000,
  maxTotalBytes: 1_000_000,
  maxAge: 60_000,
};
const message = 'm'.repeat(872);

function storeWith(limits: Partial<typeof LIMITS> = {}) {
  const store = new MemoryEventStore({ ...LIMITS, ...limits });
  /** Appends events from one number to another. */
  const fill = (session: string, stream: string, from: number, to: number) => {
    for (let sequence = from; sequence <= to; sequence += 1) {
      store.append({ session, stream }, { sequence, message });
    }
  };
  const after = (session: string, stream: string, sequence: number) =>
    store
      .readAfter({ session, stream }, sequence)
      ?.map((event) => event.sequence);
  return { store, fill, after };
}

describe('events in memory', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are those after another one', () => {
    const { fill, after } = storeWith();
    fill('s', 'a', 0, 3);
    fill('s', 'b', 0, 1);
    expect(after('s', 'a', 1)).toEqual([2, 3]);
    expect(after('s', 'b', 0)).toEqual([1]);
    expect(after('s', 'a', 3)).toEqual([]);
  });

  it.each([
    ['another session', 't', 'a', 0],
    ['another stream', 's', 'c', 0],
    ['one that was not there', 's', 'a', 4],
  ])('are none after %s', (_case, session, stream, sequence) => {
    const { fill, after } = storeWith();
    fill('s', 'a', 0, 3);
    expect(after(session, stream, sequence)).toBeUndefined();
  });

  it('go, the oldest of a stream first', () => {
    const { fill, after } = storeWith({ maxEvents: 3 });
    fill('s', 'b', 0, 0);
    fill('s', 'a', 0, 9);
    expect([5, 6, 7].map((sequence) => after('s', 'a', sequence))).toEqual([
      undefined,
      [7, 8, 9],
      [8, 9],
    ]);
    expect(after('s', 'b', 0)).toEqual([]);
  });

  it('go, the oldest of a session first', () => {
    const { fill, after } = storeWith({ maxBytes: 3000 });
    fill('other', 'a', 0, 0);
    fill('s', 'a', 0, 1);
    fill('s', 'b', 0, 1);
    expect(after('s', 'a', 0)).toEqual([1]);
    expect(after('s', 'a', -1)).toBeUndefined();
    fill('s', 'b', 2, 2);
    expect(after('s', 'a', 0)).toBeUndefined();
    expect(after('s', 'b', 0)).toEqual([1, 2]);
    expect(after('other', 'a', 0)).toEqual([]);
  });

  it('go, those of the session that was quiet for longest first', () => {
    const { store, fill, after } = storeWith({ maxTotalBytes: 4000 });
    fill('a', 'x', 0, 1);
    fill('b', 'x', 0, 1);
    fill('a', 'x', 2, 2);
    expect(after('b', 'x', 0)).toEqual([1]);
    fill('a', 'x', 3, 3);
    expect(after('b', 'x', 0)).toBeUndefined();
    expect(after('a', 'x', 0)).toEqual([1, 2, 3]);
    expect(store.size).toBe(4);
  });

  it('are those of a stream whose next one is too large', () => {
    const { store, fill, after } = storeWith({ maxBytes: 3000 });
    fill('s', 'a', 0, 0);
    fill('s', 'b', 0, 0);
    const large = 'x'.repeat(5000);
    store.append(
      { session: 's', stream: 'a' },
      { sequence: 1, message: large },
    );
    fill('s', 'a', 2, 2);
    expect(after('s', 'a', 0)).toBeUndefined();
    expect(after('s', 'a', 1)).toEqual([2]);
    expect(after('s', 'b', 0)).toEqual([]);
  });

  it('go by their age, whether somebody asks or not', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { store, fill, after } = storeWith();
    fill('s', 'a', 0, 1);
    vi.setSystemTime(Date.now() + 50_000);
    fill('s', 'a', 2, 2);
    vi.setSystemTime(Date.now() + 20_000);
    expect(after('s', 'a', 0)).toBeUndefined();
    expect(after('s', 'a', 1)).toEqual([2]);
    vi.setSystemTime(Date.now() + 50_000);
    store.sweep();
    expect(store.size).toBe(0);
  });

  it('are counted exactly, whatever happens', () => {
    const { store, fill, after } = storeWith({
      maxEvents: 5,
      maxBytes: 8000,
      maxTotalBytes: 20_000,
    });
    for (let turn = 0; turn < 500; turn += 1) {
      const session = `s${turn % 7}`;
      fill(session, `t${turn % 3}`, turn, turn + (turn % 4));
      if (turn % 5 === 0) after(session, 't0', turn);
      if (turn % 50 === 0) store.forget(session);
      expect(store.size).toBeLessThanOrEqual(20);
    }
    for (let index = 0; index < 7; index += 1) store.forget(`s${index}`);
    expect(store).toMatchObject({ size: 0, bytes: 0 });
  });
});
