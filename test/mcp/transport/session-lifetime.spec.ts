import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SESSION_LIMITS } from './support/endpoint.harness.js';
import { json, call, initialize, textOfResult } from './support/messages.js';
import { useEndpoint } from './support/use-endpoint.js';

const NOT_FOUND =
  '{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Session not found"}}';

/** Moves the clock, and nothing else. */
function passTime(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
}

const MINUTE = 60_000;

/** A token with so much time left, in milliseconds. */
const expiresIn = (life: number) => ({
  'x-expires': String((Date.now() + life) / 1000),
});

describe('the lifetime of sessions', () => {
  const harness = useEndpoint();

  it('are limited by caller and in all', async () => {
    await harness.stop();
    const sessions = {
      ...SESSION_LIMITS,
      maxSessions: 3,
      maxSessionsPerCaller: 2,
    };
    await harness.restart({ sessions });
    const statuses = [];
    for (const user of ['alice', 'alice', 'alice', 'bob', 'carol']) {
      const response = await harness.post(initialize(), { 'x-user': user });
      statuses.push([user, response.status, response.headers['retry-after']]);
      if (response.status !== 503) continue;
      expect(json(response)).toEqual({
        jsonrpc: '2.0',
        id: 0,
        error: {
          code: -32000,
          message: 'Too many sessions: end one with DELETE, or try again later',
        },
      });
    }

    expect(statuses).toEqual([
      ['alice', 200, undefined],
      ['alice', 200, undefined],
      ['alice', 503, '30'],
      ['bob', 200, undefined],
      ['carol', 503, '30'],
    ]);
  });

  it('make room for others when they end', async () => {
    await harness.stop();
    const sessions = {
      ...SESSION_LIMITS,
      maxSessions: 1,
      maxSessionsPerCaller: 1,
    };
    await harness.restart({ sessions });
    const session = await harness.session();
    const full = await harness.post(initialize());
    await harness.send('DELETE', session);
    const free = await harness.post(initialize());

    expect([full.status, free.status]).toEqual([503, 200]);
  });

  it('expire when nothing happens, and only then', async () => {
    const { idleTimeout } = SESSION_LIMITS;
    const session = await harness.session();
    passTime(idleTimeout - 1000);
    const used = await harness.post(call('echo'), session);
    passTime(idleTimeout - 1000);
    const usedAgain = await harness.post(call('echo'), session);
    passTime(idleTimeout + 1000);
    const expired = await harness.post(call('echo'), session);

    expect([used.status, usedAgain.status, expired.status]).toEqual([
      200, 200, 404,
    ]);
    expect(expired.text).toBe(NOT_FOUND);
    expect(harness.endpoint.stats().sessions).toBe(0);
  });

  it('do not expire while their client listens', async () => {
    const session = await harness.session();
    const stream = await harness.stream(session);
    passTime(SESSION_LIMITS.idleTimeout * 2);
    const response = await harness.post(call('echo'), session);
    stream.destroy();

    expect(response.status).toBe(200);
  });

  it('expire after their client stopped listening', async () => {
    const session = await harness.session();
    const stream = await harness.stream(session);
    stream.destroy();
    await vi.waitFor(() => expect(harness.endpoint.stats().streams).toBe(0));
    passTime(SESSION_LIMITS.idleTimeout * 2);
    const response = await harness.post(call('echo'), session);

    expect(response.status).toBe(404);
  });

  it('do not expire while they work', async () => {
    const session = await harness.session();
    const pending = harness.post(call('hang', { tag: 'x' }), session);
    await harness.dispatcher.running('x');
    passTime(SESSION_LIMITS.idleTimeout * 2);
    const response = await harness.post(call('echo'), session);
    harness.dispatcher.release('x');

    expect(response.status).toBe(200);
    expect(textOfResult(json(await pending))).toBe('x');
  });

  describe('by the tokens of their client', () => {
    beforeEach(() =>
      harness.restart({
        sessions: { ...SESSION_LIMITS, idleTimeout: 1000 * MINUTE },
      }),
    );

    const open = async (life: number) => {
      const { headers } = await harness.post(initialize(), {
        'x-user': 'alice',
        ...expiresIn(life),
      });
      return { 'mcp-session-id': String(headers['mcp-session-id']) };
    };
    const use = async (session: object, life: number) =>
      (await harness.post(call('echo'), { ...session, ...expiresIn(life) }))
        .status;

    it('leave a minute to come back with a fresh one', async () => {
      const session = await open(5 * MINUTE);
      passTime(6 * MINUTE - 1000);
      const refreshed = await use(session, 5 * MINUTE);
      passTime(6 * MINUTE - 1000);
      const again = await use(session, 5 * MINUTE);
      passTime(6 * MINUTE + 1000);
      const late = await use(session, 5 * MINUTE);

      expect([refreshed, again, late]).toEqual([200, 200, 404]);
      expect(harness.endpoint.stats().sessions).toBe(0);
    });

    it('go by the one that is good for longest', async () => {
      const session = await open(60 * MINUTE);
      const shorter = await use(session, MINUTE);
      passTime(50 * MINUTE);

      expect([shorter, await use(session, MINUTE)]).toEqual([200, 200]);
    });

    it('are not looked up by others to keep them', async () => {
      const session = await open(5 * MINUTE);
      passTime(5 * MINUTE);
      const other = await harness.post(call('echo'), {
        ...session,
        'x-user': 'mallory',
        ...expiresIn(60 * MINUTE),
      });
      passTime(2 * MINUTE);

      expect([other.status, await use(session, 5 * MINUTE)]).toEqual([
        404, 404,
      ]);
    });

    it('let a call end that was let in', async () => {
      const session = await open(5 * MINUTE);
      const pending = harness.post(call('hang', { tag: 'x' }), {
        ...session,
        ...expiresIn(5 * MINUTE),
      });
      await harness.dispatcher.running('x');
      passTime(10 * MINUTE);
      const during = await use(session, 5 * MINUTE);
      harness.dispatcher.release('x');

      expect(during).toBe(200);
      expect(textOfResult(json(await pending))).toBe('x');
    });
  });
});
