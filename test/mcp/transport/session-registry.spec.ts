import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Session } from '../../../lib/mcp/transport/session.js';
import { SessionRegistry } from '../../../lib/mcp/transport/session-registry.js';
import { EventStream } from '../../../lib/mcp/transport/event-stream.js';
import { StreamConnection } from '../../../lib/mcp/transport/stream-connection.js';
import type { EndedSessions } from '../../../lib/mcp/transport/ended-sessions.js';
import { RandomSessionIds } from '../../../lib/mcp/transport/session-ids.js';
import type { Caller } from '../../../lib/mcp/transport/transport.interfaces.js';

const callerOf = (identity: string) =>
  ({ identity, principal: { expiresAt: 9e9 } }) as Caller;

describe('time without traffic', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it.each([
    ['idle', { isIdle: true, isUnauthorized: false }],
    ['unauthorized', { isIdle: false, isUnauthorized: true }],
  ])('ends %s sessions and spares others', async (name, state) => {
    const closed: string[] = [];
    let isOver = false;
    const registry = new SessionRegistry({
      limits: {
        idleTimeout: 60_000,
        maxSessions: 10,
        maxSessionsPerCaller: 10,
      },
      ids: new RandomSessionIds(),
      ended: {} as EndedSessions,
      create: ({ id, identity }) => {
        const close = async () => void closed.push(identity);
        return {
          id,
          identity,
          isExpired: false,
          connect: async () => {},
          end: close,
          leave: close,
          isIdle: () => isOver && identity === name && state.isIdle,
          isUnauthorized: () =>
            isOver && identity === name && state.isUnauthorized,
          authorize: () => {},
          touch: () => {},
        } as unknown as Session;
      },
    });
    const client = {
      protocolVersion: '2025-11-25',
      clientInfo: {},
      capabilities: {},
    };
    registry.start();
    await registry.open(callerOf(name), client);
    await registry.open(callerOf('busy'), client);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(closed).toEqual([]);
    isOver = true;
    await vi.advanceTimersByTimeAsync(30_000);

    expect(closed).toEqual([name]);
    expect(registry.size).toBe(1);
    await registry.closeAll();
    expect(closed).toEqual([name, 'busy']);
  });

  it.each([
    ['an hour', 3_600_000],
    ['more than a timer takes', 2 ** 31 + 3_600_000],
  ])('ends a stream whose token lives for %s', async (_name, life) => {
    const end = vi.fn<() => void>();
    const events = { end, isOpen: true } as unknown as EventStream;
    const expiresAt = (Date.now() + life) / 1000;
    expect(new StreamConnection(events, expiresAt).isOpen).toBe(true);
    await vi.advanceTimersByTimeAsync(life - 1000);
    expect(end).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);

    expect(end).toHaveBeenCalledOnce();
  });

  it('gives up a stream whose client stopped reading', () => {
    const destroy = vi.fn<() => void>();
    const send = vi.fn<() => void>();
    const events: Record<string, unknown> = {
      backlog: 2 ** 20 + 1,
      destroy,
      send,
    };
    const expiresAt = Date.now() / 1000 + 60;
    const stream = new StreamConnection(
      events as unknown as EventStream,
      expiresAt,
    );
    void stream.send('{}');
    (events['onRelease'] as () => void)();

    expect([destroy.mock.calls.length, send.mock.calls.length]).toEqual([1, 0]);
  });
});
