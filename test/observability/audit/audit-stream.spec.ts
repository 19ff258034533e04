import { firstValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEvent } from '../../../lib/observability/audit/audit-event.js';
import { AuditStream } from '../../../lib/observability/audit/audit-stream.js';
import { EVENTS, TYPES } from '../support/audit-events.js';

const { authentication, consent, exchange } = EVENTS;

describe('an audit stream', () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_700_000_000_000 }));
  afterEach(() => vi.useRealTimers());

  it('tells every listener every event, stamped and frozen', () => {
    const stream = new AuditStream();
    const first: AuditEvent[] = [];
    const second: AuditEvent[] = [];
    stream.subscribe((event) => first.push(event));
    stream.subscribe((event) => second.push(event));
    for (const type of TYPES) stream.emit(EVENTS[type]);
    expect(first).toEqual(
      TYPES.map((type) => ({ ...EVENTS[type], at: 1_700_000_000_000 })),
    );
    expect(second).toEqual(first);
    expect(first.every((event) => Object.isFrozen(event))).toBe(true);
  });

  it('keeps the time of an event that has one', () => {
    const stream = new AuditStream();
    const listener = vi.fn();
    stream.subscribe(listener);
    stream.emit({ ...consent, at: 42 });
    expect(listener).toHaveBeenCalledWith({ ...consent, at: 42 });
  });

  it('leaves out what is not known', () => {
    const stream = new AuditStream();
    const listener = vi.fn<(event: AuditEvent) => void>();
    stream.subscribe(listener);
    stream.emit({ ...consent, subject: undefined });
    expect(Object.keys(listener.mock.calls[0]![0])).not.toContain('subject');
  });

  it('tells nothing to a listener that has gone', () => {
    const stream = new AuditStream();
    const gone = vi.fn();
    const stays = vi.fn();
    const leave = stream.subscribe(gone);
    stream.subscribe(stays);
    leave();
    leave();
    stream.emit(consent);
    expect(gone).not.toHaveBeenCalled();
    expect(stays).toHaveBeenCalledOnce();
  });

  it('treats one function that listens twice as two listeners', () => {
    const stream = new AuditStream();
    const listener = vi.fn();
    const leave = stream.subscribe(listener);
    stream.subscribe(listener);
    leave();
    stream.emit(consent);
    expect(listener).toHaveBeenCalledOnce();
  });

  it('tells a listener only the types it asked for', () => {
    const stream = new AuditStream();
    const types: string[] = [];
    stream.subscribe(() => {});
    stream.subscribe(({ type }) => types.push(type), {
      types: ['exchange', 'consent'],
    });
    for (const type of TYPES) stream.emit(EVENTS[type]);
    expect(types).toEqual(['exchange', 'consent']);
  });
});

describe('an event nobody wants', () => {
  it('is not made', () => {
    const stream = new AuditStream();
    const create = vi.fn(() => authentication);
    stream.emitLazily('authentication', create);
    const leave = stream.subscribe(() => {}, { types: ['exchange'] });
    stream.emitLazily('authentication', create);
    leave();
    stream.emitLazily('authentication', create);
    expect(create).not.toHaveBeenCalled();
    stream.subscribe(() => {});
    stream.emitLazily('authentication', create);
    expect(create).toHaveBeenCalledOnce();
  });

  it('is known beforehand', () => {
    const stream = new AuditStream();
    expect(stream.isObserved()).toBe(false);
    expect(stream.isObserved('exchange')).toBe(false);
    const leave = stream.subscribe(() => {}, { types: ['exchange'] });
    expect(stream.isObserved()).toBe(true);
    expect(stream.isObserved('exchange')).toBe(true);
    expect(stream.isObserved('authentication')).toBe(false);
    leave();
    expect(stream.isObserved('exchange')).toBe(false);
  });
});

const FAILURE = new Error('full');

const failing = () => {
  throw FAILURE;
};

describe('a listener that fails', () => {
  it.each([
    [
      'at once',
      () => {
        throw FAILURE;
      },
    ],
    ['later', () => Promise.reject(FAILURE)],
  ])('%s breaks nobody and is reported once', async (_when, failing) => {
    const onError = vi.fn();
    const stream = new AuditStream({ onError });
    const listener = vi.fn();
    stream.subscribe(failing);
    stream.subscribe(listener);
    stream.emit({ ...consent, at: 1 });
    stream.emit({ ...consent, at: 2 });
    await Promise.resolve();
    await Promise.resolve();
    expect(listener).toHaveBeenCalledTimes(2);
    expect(onError.mock.calls).toEqual([[FAILURE, { ...consent, at: 1 }]]);
  });

  it('is reported for each listener', () => {
    const onError = vi.fn();
    const stream = new AuditStream({ onError });
    stream.subscribe(failing);
    stream.subscribe(failing);
    stream.emit(consent);
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it('breaks nobody when the report fails as well', () => {
    const stream = new AuditStream({
      onError: () => {
        throw new Error('also full');
      },
    });
    const listener = vi.fn();
    stream.subscribe(() => {
      throw FAILURE;
    });
    stream.subscribe(listener);
    expect(() => stream.emit(consent)).not.toThrow();
    expect(listener).toHaveBeenCalledOnce();
  });

  it('is like an event that cannot be made', () => {
    const onError = vi.fn();
    const stream = new AuditStream({ onError });
    stream.subscribe(() => {});
    stream.emitLazily('consent', () => {
      throw FAILURE;
    });
    expect(onError).toHaveBeenCalledExactlyOnceWith(FAILURE, undefined);
  });
});

const at = (time: number) => ({ ...exchange, at: time });

describe('a loop over an audit stream', () => {
  it('reads events that came before it asked, and after', async () => {
    const stream = new AuditStream();
    const events = stream[Symbol.asyncIterator]();
    stream.emit(at(1));
    await expect(events.next()).resolves.toEqual({ done: false, value: at(1) });
    const waiting = [events.next(), events.next()];
    stream.emit(at(2));
    stream.emit(at(3));
    await expect(Promise.all(waiting)).resolves.toEqual([
      { done: false, value: at(2) },
      { done: false, value: at(3) },
    ]);
    expect(events.dropped).toBe(0);
  });

  it('that is slow loses the oldest events, and knows how many', async () => {
    const stream = new AuditStream({ bufferSize: 3 });
    const events = stream.events();
    for (let time = 1; time <= 10; time += 1) stream.emit(at(time));
    stream.close();
    const read: number[] = [];
    for await (const event of events) read.push(event.at);
    expect(read).toEqual([8, 9, 10]);
    expect(events.dropped).toBe(7);
  });

  it('does not slow another one down', async () => {
    const stream = new AuditStream();
    const slow = stream.events({ bufferSize: 1 });
    const quick = stream.events({ bufferSize: 2 });
    stream.emit(at(1));
    stream.emit(at(2));
    expect([slow.dropped, quick.dropped]).toEqual([1, 0]);
  });

  it('reads only the types it asked for', async () => {
    const stream = new AuditStream();
    const events = stream.events({ types: ['consent'] });
    stream.emit(at(1));
    stream.emit({ ...consent, at: 2 });
    const { value } = await events.next();
    expect(value).toEqual({ ...consent, at: 2 });
  });

  it('that is left stops listening', async () => {
    const stream = new AuditStream();
    const events = stream.events();
    stream.emit(at(1));
    stream.emit(at(2));
    for await (const event of events) {
      expect(event.at).toBe(1);
      break;
    }
    expect(stream.isObserved()).toBe(false);
    await expect(events.next()).resolves.toEqual({
      done: true,
      value: undefined,
    });
  });

  it('ends when the stream is closed', async () => {
    const stream = new AuditStream();
    const waiting = stream.events().next();
    stream.close();
    await expect(waiting).resolves.toEqual({ done: true, value: undefined });
    const late = stream.events().next();
    await expect(late).resolves.toEqual({ done: true, value: undefined });
    expect(stream.isObserved()).toBe(false);
  });

  it.each([0, -1, Number.NaN])('needs a buffer: %s', (bufferSize) => {
    expect(() => new AuditStream({ bufferSize }).events()).toThrow(
      `at least one event: got ${bufferSize}`,
    );
  });
});

describe('an observable of an audit stream', () => {
  it('emits from the subscription on and completes with the stream', async () => {
    const stream = new AuditStream();
    stream.emit({ ...exchange, at: 1 });
    const observable = stream.asObservable({ types: ['exchange'] });
    expect(stream.isObserved()).toBe(false);
    const all = firstValueFrom(observable.pipe(toArray()));
    stream.emit({ ...exchange, at: 2 });
    stream.emit({ ...consent, at: 3 });
    stream.emit({ ...exchange, at: 4 });
    stream.close();
    stream.emit({ ...exchange, at: 5 });
    expect((await all).map(({ at }) => at)).toEqual([2, 4]);
  });

  it('stops listening when it is unsubscribed from', () => {
    const stream = new AuditStream();
    const subscription = stream.asObservable().subscribe();
    expect(stream.isObserved()).toBe(true);
    subscription.unsubscribe();
    expect(stream.isObserved()).toBe(false);
  });
});
