/**
 * What one replica of an application tells the others. Plain JSON.
 *
 * @publicApi
 */
export interface McpEvent {
  /** Identifier of the MCP server it is about: its resource URL. */
  readonly server: string;
  /** Who tells. A replica leaves out what it told itself. */
  readonly origin: string;
  readonly type:
    | 'tools_list_changed'
    | 'prompts_list_changed'
    | 'resources_list_changed'
    | 'resource_updated';
  /** The resource that was updated. */
  readonly uri?: string;
}

/** Ends a subscription to an {@link McpEventBus}. */
export type McpEventUnsubscribe = () => unknown;

/**
 * Carries events between the replicas of an application, so that a change at
 * one reaches the clients of all. Clients of the replica that makes the change
 * are told without it.
 *
 * What it hands over is checked. It may hand a replica its own events, lose
 * some, or repeat them. Errors are logged, and never reach a caller.
 *
 * @example
 * ```ts
 * class RedisEventBus implements McpEventBus {
 *   constructor(private readonly client: RedisClientType) {}
 *
 *   publish(event: McpEvent) {
 *     return this.client.publish('mcp', JSON.stringify(event));
 *   }
 *
 *   async subscribe(listener: (event: unknown) => void) {
 *     const subscriber = await this.client.duplicate().connect();
 *     await subscriber.subscribe('mcp', listener);
 *     return () => subscriber.close();
 *   }
 * }
 * ```
 * @publicApi
 */
export interface McpEventBus {
  /** Tells all replicas. Nobody waits for it. */
  publish(event: McpEvent): unknown;
  /**
   * Calls back for each event, or its JSON, until the returned function is
   * called. When it throws or rejects, it is called again after a while.
   */
  subscribe(
    listener: (event: unknown) => void,
  ): McpEventUnsubscribe | Promise<McpEventUnsubscribe>;
}
