import { describe, expect, it, vi } from 'vitest';
import { RESUMABLE_SESSIONS } from '../support/endpoint.harness.js';
import { call } from '../support/messages.js';
import { useEndpoint } from '../support/use-endpoint.js';

describe('what a client listens to', () => {
  const harness = useEndpoint({ sessions: RESUMABLE_SESSIONS });
  const tell = (data: unknown) =>
    harness.endpoint.broadcast({
      method: 'notifications/message',
      params: { level: 'info', data },
    });
  const untilNobodyListens = () =>
    vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(0));

  it('goes on where its connection broke', async () => {
    const session = await harness.session();
    const first = await harness.resume(session);
    tell(1);
    await first.until(1);
    first.response.destroy();
    await untilNobodyListens();
    tell(2);
    tell(3);
    const second = await harness.resume(session, first.lastId);
    await second.until(2);
    tell(4);
    await second.until(3);
    second.response.destroy();

    expect(second.told).toEqual([2, 3, 4]);
  });

  it('can be gone on with before there was anything', async () => {
    const session = await harness.session();
    const first = await harness.resume(session);
    await vi.waitFor(() => expect(first.events).toHaveLength(1));
    first.response.destroy();
    await untilNobodyListens();
    tell(1);
    const second = await (await harness.resume(session, first.lastId)).until(1);
    second.response.destroy();

    expect(second.told).toEqual([1]);
  });

  it('begins anew without an event id', async () => {
    const session = await harness.session();
    const first = await (async () => {
      const reader = await harness.resume(session);
      tell(1);
      return reader.until(1);
    })();
    const second = await harness.resume(session);
    await first.end();
    tell(2);
    await second.until(1);
    const late = await harness.stream({
      ...session,
      'last-event-id': first.lastId,
    });
    second.response.destroy();

    expect(second.told).toEqual([2]);
    // The first one was replaced, and nothing came on it.
    expect(late.statusCode).toBe(204);
  });

  it('goes on with a new token when the old one has expired', async () => {
    const session = await harness.session();
    const expires = String(Math.ceil(Date.now() / 1000) + 1);
    const first = await harness.resume({ ...session, 'x-expires': expires });
    tell(1);
    await first.end();
    tell(2);
    const second = await (await harness.resume(session, first.lastId)).until(1);
    second.response.destroy();

    expect([first.told, second.told]).toEqual([[1], [2]]);
  });

  it('is given up by a server whose client does not read, and kept', async () => {
    const session = await harness.session();
    const slow = await harness.resume(session);
    await vi.waitFor(() => expect(slow.events).toHaveLength(1));
    slow.response.pause();
    const text = 'x'.repeat(256 * 1024);
    let sent = 0;
    await vi.waitFor(
      () => {
        tell(`${sent} ${text}`);
        sent += 1;
        expect(harness.endpoint.stats().streams).toBe(0);
      },
      { interval: 1, timeout: 10_000 },
    );
    const resumed = await harness.resume(session, slow.lastId);
    await resumed.until(sent);
    resumed.response.destroy();
    slow.response.destroy();

    expect(resumed.told.map((said) => parseInt(String(said), 10))).toEqual(
      Array.from({ length: sent }, (_, index) => index),
    );
  });

  it('does not keep a session that nobody listens to', async () => {
    const session = await harness.session();
    const stream = await harness.resume(session);
    stream.response.destroy();
    await untilNobodyListens();
    const elapsed = RESUMABLE_SESSIONS.idleTimeout + 1000;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + elapsed });
    const answer = await harness.post(call('echo'), session);

    expect(answer.status).toBe(404);
    expect(harness.endpoint.stats()).toMatchObject({
      sessions: 0,
      resumableStreams: 0,
      storedEvents: 0,
    });
  });
});
