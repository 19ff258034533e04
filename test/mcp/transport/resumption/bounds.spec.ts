import { describe, expect, it, vi } from 'vitest';
import { RESUMABLE_SESSIONS } from '../support/endpoint.harness.js';
import { call } from '../support/messages.js';
import { useEndpoint } from '../support/use-endpoint.js';

const LIMITS = RESUMABLE_SESSIONS.resumption.store;

describe('events that are kept', () => {
  const harness = useEndpoint({ sessions: RESUMABLE_SESSIONS });

  const restart = (limits: Partial<typeof LIMITS>) =>
    harness.restart({
      sessions: {
        ...RESUMABLE_SESSIONS,
        resumption: { store: { ...LIMITS, ...limits }, primeInterval: 60_000 },
      },
    });

  const tellInAll = async (session: Record<string, string>, count: number) => {
    const levels = Array.from({ length: count }, () => 'info');
    const body = call('logs', { tag: 'x'.repeat(1000), levels });
    return (await harness.streamed(body, session)).end();
  };

  const statusAfter = async (session: Record<string, string>, id?: string) => {
    const { response } = await harness.resume(session, id);
    response.destroy();
    return response.statusCode;
  };

  it.each<[string, Partial<typeof LIMITS>]>([
    ['of a stream', { maxEvents: 4 }],
    ['in bytes', { maxBytes: 3000 }],
    ['in bytes of all', { maxTotalBytes: 3000 }],
  ])('are limited %s, and what is gone is refused', async (_case, limits) => {
    await restart(limits);
    const session = await harness.session();
    const reader = await tellInAll(session, 6);
    const ids = reader.events.map(({ id }) => id);
    const statuses = [];
    for (const id of ids) statuses.push(await statusAfter(session, id));

    // Gone up to some event, and kept from there on, to the last.
    expect(statuses.join(' ')).toMatch(/^(400 ){3,}(200 )+204$/);
    expect(harness.endpoint.stats().storedEvents).toBeLessThanOrEqual(4);
  });

  it('are never some of those that a client missed', async () => {
    await restart({ maxEvents: 4 });
    const session = await harness.session();
    const streamed = harness.streamed(call('hang', { tag: 'a' }), session);
    const context = await harness.dispatcher.running('a');
    await context.log('info', 0);
    const reader = await (await streamed).until(1);
    reader.response.destroy();
    await vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(0));
    for (let index = 1; index < 6; index += 1) {
      await context.log('info', index);
    }

    expect(await statusAfter(session, reader.lastId)).toBe(400);
    harness.dispatcher.release('a');
  });

  it('are not an answer that is too large to keep', async () => {
    await restart({ maxBytes: 5000 });
    const session = await harness.session();
    const small = await tellInAll(session, 1);
    const streamed = harness.streamed(call('hang', { tag: 'a' }), session);
    const context = await harness.dispatcher.running('a');
    await context.log('info', 0);
    const reader = await (await streamed).until(1);
    harness.dispatcher.release('a', { content: 'x'.repeat(10_000) });
    await reader.end();

    expect(reader.told).toEqual([0, 'answer']);
    expect(await statusAfter(session, reader.events[1]!.id)).toBe(400);
    // Other streams do not pay for it.
    expect(await statusAfter(session, small.events[1]!.id)).toBe(200);
  });

  it('are forgotten by their age', async () => {
    const session = await harness.session();
    const reader = await tellInAll(session, 1);
    const now = Date.now() + LIMITS.maxAge;
    vi.useFakeTimers({ toFake: ['Date'], now: now - 1000 });
    expect(await statusAfter(session, reader.events[0]!.id)).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: now + 1000 });
    expect(await statusAfter(session, reader.events[0]!.id)).toBe(400);
    expect(harness.endpoint.stats().storedEvents).toBe(0);
  });

  it('are forgotten with their session', async () => {
    const [ended, other] = [await harness.session(), await harness.session()];
    await tellInAll(ended, 3);
    await tellInAll(other, 1);
    const before = harness.endpoint.stats().storedEvents;
    await harness.send('DELETE', ended);
    const after = harness.endpoint.stats().storedEvents;
    await harness.send('DELETE', other);

    expect([before, after, harness.endpoint.stats().storedEvents]).toEqual([
      10, 4, 0,
    ]);
  });

  it('leave nothing behind, after many sessions', async () => {
    for (let index = 0; index < 200; index += 1) {
      const session = await harness.session(`u${index % 40}`);
      await tellInAll(session, 2);
      const listening = await harness.resume(session);
      listening.response.destroy();
      await harness.send('DELETE', session);
    }

    await vi.waitFor(() =>
      expect(harness.endpoint.stats()).toEqual({
        sessions: 0,
        calls: 0,
        serverRequests: 0,
        streams: 0,
        resumableStreams: 0,
        storedEvents: 0,
      }),
    );
  });
});
