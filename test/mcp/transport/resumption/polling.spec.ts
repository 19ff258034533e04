import { describe, expect, it, vi } from 'vitest';
import { RESUMABLE_SESSIONS } from '../support/endpoint.harness.js';
import { call, json } from '../support/messages.js';
import { useEndpoint } from '../support/use-endpoint.js';

describe('a call that lets go of its connection', () => {
  const harness = useEndpoint({ sessions: RESUMABLE_SESSIONS });

  it('is polled for', async () => {
    const session = await harness.session();
    const streamed = harness.streamed(call('hang', { tag: 'a' }), session);
    const context = await harness.dispatcher.running('a');
    expect(context.releaseStream()).toBe(true);
    const first = await (await streamed).end();
    await context.log('info', 1);
    const second = await harness.resume(session, first.lastId);
    await second.until(1);
    expect(context.releaseStream()).toBe(true);
    await second.end();
    await context.log('info', 2);
    harness.dispatcher.release('a');
    const third = await (await harness.resume(session, second.lastId)).end();

    expect([first.told, second.told, third.told]).toEqual([
      [],
      [1],
      [2, 'answer'],
    ]);
  });

  it.each<[string, object, (string | undefined)[]]>([
    ['in a second', {}, [undefined, '1000']],
    ['when it is to', { retryInterval: 250 }, ['250', '250']],
  ])('is told to come back %s', async (_case, options, expected) => {
    const resumption = { ...RESUMABLE_SESSIONS.resumption, ...options };
    await harness.restart({ sessions: { ...RESUMABLE_SESSIONS, resumption } });
    const session = await harness.session();
    const streamed = harness.streamed(call('hang', { tag: 'a' }), session);
    const context = await harness.dispatcher.running('a');
    expect(context.releaseStream()).toBe(true);
    const first = await (await streamed).end();
    harness.dispatcher.release('a');
    const rest = await (await harness.resume(session, first.lastId)).end();

    expect(first.events.map(({ retry }) => retry)).toEqual(expected);
    expect(rest.told).toEqual(['answer']);
  });

  it('may do so twice, and after its client left', async () => {
    const session = await harness.session();
    const streamed = harness.streamed(call('hang', { tag: 'a' }), session);
    const context = await harness.dispatcher.running('a');
    expect(context.releaseStream()).toBe(true);
    expect(context.releaseStream()).toBe(true);
    const first = await (await streamed).end();
    harness.dispatcher.release('a');
    await vi.waitFor(() => expect(harness.endpoint.stats().calls).toBe(0));
    expect(context.releaseStream()).toBe(false);
    const rest = await (await harness.resume(session, first.lastId)).end();

    expect(rest.told).toEqual(['answer']);
  });

  it.each<[string, object, object | undefined]>([
    ['without a session', {}, undefined],
    ['in an older revision', {}, { protocolVersion: '2025-06-18' }],
    [
      'without resumption',
      { sessions: { ...RESUMABLE_SESSIONS, resumption: false } },
      {},
    ],
  ])('does nothing %s', async (_case, options, params) => {
    await harness.restart({ sessions: RESUMABLE_SESSIONS, ...options });
    const session = params ? await harness.session('alice', {}, params) : {};
    const answered = harness.post(call('hang', { tag: 'a' }), session);
    const context = await harness.dispatcher.running('a');
    expect(context.releaseStream()).toBe(false);
    harness.dispatcher.release('a');

    expect(json(await answered).result.content[0].text).toBe('a');
  });

  it('is come back to with a new token when the old one has expired', async () => {
    const session = await harness.session();
    const streamed = harness.streamed(call('hang', { tag: 'a' }), {
      ...session,
      'x-expires': String(Date.now() / 1000 - 1),
    });
    const context = await harness.dispatcher.running('a');
    await context.log('info', 1);
    const first = await (await streamed).end();
    await context.log('info', 2);
    harness.dispatcher.release('a');
    const rest = await (await harness.resume(session, first.lastId)).end();

    expect([first.told, rest.told]).toEqual([[1], [2, 'answer']]);
  });

  it('can be come back to when it only takes long', async () => {
    const resumption = { ...RESUMABLE_SESSIONS.resumption, primeInterval: 20 };
    await harness.restart({ sessions: { ...RESUMABLE_SESSIONS, resumption } });
    const session = await harness.session();
    const reader = await harness.streamed(call('hang', { tag: 'a' }), session);
    await vi.waitFor(() => expect(reader.events).toHaveLength(1));
    reader.response.destroy();
    await vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(0));
    harness.dispatcher.release('a');
    const resumed = await (await harness.resume(session, reader.lastId)).end();

    expect(resumed.told).toEqual(['answer']);
  });

  it('is not made a stream where that would not help', async () => {
    const resumption = { ...RESUMABLE_SESSIONS.resumption, primeInterval: 10 };
    await harness.restart({ sessions: { ...RESUMABLE_SESSIONS, resumption } });
    const old = { protocolVersion: '2025-06-18' };
    const session = await harness.session('alice', {}, old);
    const calls = [{}, session].map((headers, index) =>
      harness.post(call('hang', { tag: index }), headers),
    );
    // Long enough for the timer to have come by, which has nothing to show.
    const other = await harness.session();
    const slow = await harness.streamed(call('hang', { tag: 'x' }), other);
    await vi.waitFor(() => expect(slow.events).toHaveLength(1));
    for (const tag of [0, 1, 'x']) harness.dispatcher.release(tag);

    for (const { headers } of await Promise.all(calls)) {
      expect(headers['content-type']).toBe('application/json');
    }
    await slow.end();
  });
});
