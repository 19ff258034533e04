/**
 * Names a stream: the answer to one POST, or what a client listens to with GET.
 *
 * @publicApi
 */
export interface McpStreamAddress {
  /** The session. Nobody outside of it may read the stream. */
  readonly session: string;
  /** Unique in the session. */
  readonly stream: string;
}

/**
 * One event of a stream.
 *
 * @publicApi
 */
export interface McpStreamEvent {
  /** Counts the events of the stream, from 0. */
  readonly sequence: number;
  /**
   * A JSON-RPC message, as JSON. `null` marks the beginning of the stream
   * (sequence 0), and its end.
   */
  readonly message: string | null;
}

/**
 * Keeps the events of streams, for clients whose connection broke. What a store
 * fails to keep costs the client its resumption, never the call.
 *
 * Events are secret: they hold what tools answered. A store outside of the
 * process should expire them by itself. A method that takes more than five
 * seconds counts as failed.
 *
 * @example
 * ```ts
 * class RedisEventStore implements McpEventStore {
 *   constructor(private readonly redis: Redis) {}
 *
 *   async append({ session, stream }: McpStreamAddress, event: McpStreamEvent) {
 *     const key = `mcp:${session}:${stream}`;
 *     await this.redis.rpush(key, JSON.stringify(event));
 *     await this.redis.expire(key, 300);
 *   }
 *
 *   async readAfter({ session, stream }: McpStreamAddress, sequence: number) {
 *     const events = await this.redis.lrange(`mcp:${session}:${stream}`, 0, -1);
 *     if (events.length === 0) return undefined;
 *     return events
 *       .map((event) => JSON.parse(event) as McpStreamEvent)
 *       .filter((event) => event.sequence > sequence);
 *   }
 *
 *   async forget(session: string) {
 *     const keys = await this.redis.keys(`mcp:${session}:*`);
 *     if (keys.length > 0) await this.redis.del(keys);
 *   }
 * }
 * ```
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery
 * @publicApi
 */
export interface McpEventStore {
  /** Keeps an event. Called in the order of the stream's events. */
  append(
    address: McpStreamAddress,
    event: McpStreamEvent,
  ): void | Promise<void>;

  /**
   * All events of a stream after one of them, in order; none when there are no
   * others yet. `undefined` when the stream is unknown, or some of these events
   * are not there any more.
   */
  readAfter(
    address: McpStreamAddress,
    sequence: number,
  ):
    | readonly McpStreamEvent[]
    | undefined
    | Promise<readonly McpStreamEvent[] | undefined>;

  /** The session is over: its events are not asked for again. */
  forget(session: string): void | Promise<void>;
}
