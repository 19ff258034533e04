import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BusConnection } from '../../../lib/mcp/changes/bus-connection.js';
import type { McpChange } from '../../../lib/mcp/changes/change.js';
import { ChangeFeed } from '../../../lib/mcp/changes/change-feed.js';
import type {
  McpEvent,
  McpEventBus,
} from '../../../lib/mcp/changes/event-bus.interface.js';
import { RecordingLogger } from '../../support/boot.js';

const SERVER = 'https://mcp.example.test/mcp';
const TOOLS: McpChange = { type: 'tools_list_changed' };

/** Carries events within the process. */
class ProcessBus implements McpEventBus {
  readonly events: McpEvent[] = [];
  readonly listeners = new Set<(event: unknown) => void>();

  publish(event: McpEvent): void {
    this.events.push(event);
    for (const listener of this.listeners) listener(event);
  }

  subscribe(listener: (event: unknown) => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

describe('the connection to other replicas', () => {
  let logger: RecordingLogger;
  const feeds: ChangeFeed[] = [];
  const connect = (bus: McpEventBus, server = SERVER) => {
    const feed = new ChangeFeed(new BusConnection({ bus, server, logger }));
    const told: McpChange[] = [];
    feed.open((change) => told.push(change));
    feeds.push(feed);
    return { feed, told };
  };

  beforeEach(() => {
    logger = new RecordingLogger();
  });
  afterEach(() => {
    for (const feed of feeds.splice(0)) feed.close();
    vi.useRealTimers();
  });

  it('carries changes of one server, and no echo', async () => {
    const bus = new ProcessBus();
    const one = connect(bus);
    const two = connect(bus);
    const other = connect(bus, 'https://mcp.example.test/other');
    await vi.waitFor(() => expect(bus.listeners.size).toBe(3));
    one.feed.publish(TOOLS);
    one.feed.publish({ type: 'resource_updated', uri: 'a://b' });
    one.feed.publish(TOOLS);
    await vi.waitFor(() => expect(two.told).toHaveLength(2));
    const changes = [TOOLS, { type: 'resource_updated', uri: 'a://b' }];
    expect(one.told).toEqual(changes);
    expect(two.told).toEqual(changes);
    expect(other.told).toEqual([]);
    expect(bus.events).toEqual(
      changes.map((change) => ({
        server: SERVER,
        origin: expect.any(String),
        ...change,
      })),
    );
  });

  it('does not pass on what another replica told', async () => {
    const bus = new ProcessBus();
    const { told } = connect(bus);
    await vi.waitFor(() => expect(bus.listeners.size).toBe(1));
    bus.publish({ server: SERVER, origin: 'other', ...TOOLS });
    await vi.waitFor(() => expect(told).toEqual([TOOLS]));
    expect(bus.events).toHaveLength(1);
  });

  it('ends with the server', async () => {
    const bus = new ProcessBus();
    const { feed, told } = connect(bus);
    await vi.waitFor(() => expect(bus.listeners.size).toBe(1));
    const [listener] = bus.listeners;
    feed.close();
    await vi.waitFor(() => expect(bus.listeners.size).toBe(0));
    listener!({ server: SERVER, origin: 'other', ...TOOLS });
    feed.publish(TOOLS);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([]);
    expect(bus.events).toEqual([]);
  });

  it('ends with the server, though the bus took its time', async () => {
    const left = vi.fn<() => void>();
    let settle!: (unsubscribe: () => void) => void;
    const { feed } = connect({
      publish: () => {},
      subscribe: () =>
        new Promise((resolve) => {
          settle = resolve;
        }),
    });
    feed.close();
    settle(left);
    await vi.waitFor(() => expect(left).toHaveBeenCalledOnce());
  });

  const failing = (fail: () => never): McpEventBus => ({
    publish: fail,
    subscribe: fail,
  });

  it.each([
    [
      'throws',
      failing(() => {
        throw new RangeError('redis://user:secret@host');
      }),
      'RangeError',
    ],
    [
      'throws what is no error',
      failing(() => {
        // oxlint-disable-next-line typescript/only-throw-error
        throw null;
      }),
      'unknown',
    ],
    [
      'rejects',
      {
        publish: () => Promise.reject(new RangeError('secret')),
        subscribe: () => Promise.reject(new RangeError('secret')),
      },
      'RangeError',
    ],
  ])('costs nothing here when the bus %s', async (_how, bus, name) => {
    const { feed, told } = connect(bus);
    feed.publish(TOOLS);
    await vi.waitFor(() => expect(told).toEqual([TOOLS]));
    await vi.waitFor(() => expect(logger.lines).toHaveLength(1));
    feed.publish(TOOLS);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(logger.lines).toEqual([
      `warn The event bus of MCP servers cannot be used (${name}); clients of other replicas are not told of changes.`,
    ]);
  });

  it('is made once more after a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const bus = new ProcessBus();
    const subscribe = vi.spyOn(bus, 'subscribe').mockImplementationOnce(() => {
      throw new Error('not yet');
    });
    connect(bus);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(subscribe).toHaveBeenCalledTimes(2);
    expect(bus.listeners.size).toBe(1);
  });

  it('does not pile up events for a bus that hangs', async () => {
    const publish = vi.fn<() => Promise<void>>(() => new Promise(() => {}));
    const { feed, told } = connect({ publish, subscribe: () => () => {} });
    for (let n = 0; n < 1_500; n++) {
      feed.publish({ type: 'resource_updated', uri: `a://${n}` });
    }
    await vi.waitFor(() => expect(told).toHaveLength(1_500));
    expect(publish).toHaveBeenCalledTimes(1_000);
    expect(logger.lines).toHaveLength(1);
  });
});
