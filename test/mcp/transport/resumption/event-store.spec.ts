import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type {
  McpEventStore,
  McpStreamAddress,
  McpStreamEvent,
} from '../../../../lib/index.js';
import { RESUMABLE_SESSIONS } from '../support/endpoint.harness.js';
import { call, json } from '../support/messages.js';
import { useEndpoint } from '../support/use-endpoint.js';

/** A store that takes its time, and fails when it is told to. */
class SlowStore implements McpEventStore {
  readonly streams = new Map<string, McpStreamEvent[]>();
  isDown = false;

  async append({ session, stream }: McpStreamAddress, event: McpStreamEvent) {
    // The later ones are the faster ones.
    await delay(Math.max(0, 8 - event.sequence));
    this.check();
    const key = `${session} ${stream}`;
    this.streams.set(key, [...(this.streams.get(key) ?? []), event]);
  }

  async readAfter({ session, stream }: McpStreamAddress, sequence: number) {
    await delay(1);
    this.check();
    return this.streams
      .get(`${session} ${stream}`)
      ?.filter((event) => event.sequence > sequence);
  }

  async forget(session: string) {
    this.check();
    for (const key of this.streams.keys()) {
      if (key.startsWith(`${session} `)) this.streams.delete(key);
    }
  }

  private check(): void {
    if (this.isDown) throw new Error('no connection to secret-host');
  }
}

describe('a store of the application', () => {
  let store: SlowStore;
  const harness = useEndpoint();

  async function start(): Promise<Record<string, string>> {
    store = new SlowStore();
    const resumption = { store, primeInterval: 60_000 };
    await harness.restart({ sessions: { ...RESUMABLE_SESSIONS, resumption } });
    return harness.session();
  }

  async function begin(session: Record<string, string>) {
    const streamed = harness.streamed(call('hang', { tag: 'a' }), session);
    const context = await harness.dispatcher.running('a');
    await context.log('info', 0);
    return { context, reader: await (await streamed).until(1) };
  }

  /** The only stream has so many events. */
  const untilKept = (count: number) =>
    vi.waitFor(() =>
      expect([...store.streams.values()][0]).toHaveLength(count),
    );

  const statusAfter = async (session: Record<string, string>, id: string) =>
    harness.send('GET', {
      ...session,
      accept: 'text/event-stream',
      'last-event-id': id,
    });

  it('has the events in their order, and no more once they are forgotten', async () => {
    const session = await start();
    const { context, reader } = await begin(session);
    reader.response.destroy();
    for (let index = 1; index < 10; index += 1) {
      void context.log('info', index);
    }
    const resumed = await harness.resume(session, reader.events[0]!.id);
    await resumed.until(5);
    void context.log('info', 10);
    harness.dispatcher.release('a');
    await resumed.end();
    await untilKept(14);
    const [events] = [...store.streams.values()];

    expect(resumed.told).toEqual([
      ...Array.from({ length: 11 }, (_, index) => index),
      'answer',
    ]);
    expect(events!.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 14 }, (_, index) => index),
    );
    await harness.send('DELETE', session);
    expect(store.streams.size).toBe(0);
    expect(harness.log).toEqual([]);
  });

  it('costs no call when it is down, and what is lost is refused', async () => {
    const session = await start();
    store.isDown = true;
    const { context, reader } = await begin(session);
    await context.log('info', 1);
    harness.dispatcher.release('a');
    await reader.end();
    store.isDown = false;

    expect(reader.told).toEqual([0, 1, 'answer']);
    expect(harness.log.map(({ level, message }) => [level, message])).toEqual([
      [
        'warn',
        'The store for the events of sessions failed; clients may not get what they missed',
      ],
    ]);
    for (const { id } of reader.events) {
      expect((await statusAfter(session, id!)).status).toBe(400);
    }
  });

  it('is not read while it is down: come back later', async () => {
    const session = await start();
    const { reader } = await begin(session);
    harness.dispatcher.release('a');
    await reader.end();
    await untilKept(4);
    store.isDown = true;
    const down = await statusAfter(session, reader.events[0]!.id!);
    store.isDown = false;
    const up = await statusAfter(session, reader.events[0]!.id!);

    expect([down.status, down.headers['retry-after'], up.status]).toEqual([
      503,
      '30',
      200,
    ]);
    expect(json(down).error).toEqual({
      code: -32000,
      message: 'Events cannot be read at the moment',
    });
  });

  it('is not believed when it leaves something out', async () => {
    const session = await start();
    const { context, reader } = await begin(session);
    await context.log('info', 1);
    await context.log('info', 2);
    harness.dispatcher.release('a');
    await reader.end();
    await untilKept(6);
    const key = [...store.streams.keys()][0]!;
    store.streams.set(
      key,
      store.streams.get(key)!.filter(({ sequence }) => sequence !== 2),
    );

    expect((await statusAfter(session, reader.events[0]!.id!)).status).toBe(
      400,
    );
    expect((await statusAfter(session, reader.events[2]!.id!)).status).toBe(
      200,
    );
  });
});
