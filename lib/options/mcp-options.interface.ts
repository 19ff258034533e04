import type { McpEventBus } from '../mcp/changes/event-bus.interface.js';
import type { SessionOptions } from './session-options.interface.js';

/**
 * How much clients may listen to.
 *
 * @publicApi
 */
export interface SubscriptionOptions {
  /**
   * Resources that one session, or one stream of revision 2026-07-28, may
   * listen to at once.
   * @default 100
   */
  maxResources?: number;
  /**
   * Streams of revision 2026-07-28 that listen.
   * @default 10000
   */
  maxStreams?: number;
  /**
   * Of these, streams that one caller may have at once.
   * @default 100
   */
  maxStreamsPerCaller?: number;
}

/**
 * The MCP endpoint.
 *
 * @publicApi
 */
export interface McpOptions {
  /**
   * Path of the endpoint at the origin. No global prefix or version is added.
   * @default '/mcp'
   */
  path?: string;
  /**
   * Revisions served: `legacy` is 2025-11-25 and older, `modern` is 2026-07-28.
   * The latter needs the package `@modelcontextprotocol/server`; without it,
   * the default is `legacy`, and asking for more is an error.
   * @default 'both'
   */
  eras?: 'both' | 'legacy' | 'modern';
  /**
   * Seals the state of a call that asks its client something (`elicit`), at
   * least 32 characters. Give all replicas the same: a call may be repeated at
   * another one.
   * @default a random key of this process
   */
  stateSecret?: string;
  /** What the server is for, told to the model. */
  instructions?: string;
  /**
   * Sessions for clients that send `initialize`; `false` serves every request
   * on its own.
   */
  sessions?: SessionOptions | false;
  /** What clients may listen to. */
  subscriptions?: SubscriptionOptions;
  /**
   * Carries changes to the clients of other replicas.
   * @default clients of this process alone are told
   */
  eventBus?: McpEventBus;
  /**
   * Whether requests without a session are served.
   * @default true
   */
  stateless?: boolean;
  /**
   * Milliseconds a call may take, unless its decorator says otherwise; 0 means
   * no limit. Time in which its client is asked something does not count.
   * @default 60000
   */
  callTimeout?: number;
  /**
   * What happens to a stateless call whose client disconnects. A call in a
   * session goes on, and one of revision 2026-07-28 is always aborted: its
   * clients cancel by closing.
   * @default 'abort'
   */
  onDisconnect?: 'abort' | 'continue';
  /**
   * Largest request body, in bytes.
   * @default 4194304
   */
  bodyLimit?: number;
  /**
   * Entries on a page of a list of tools, resources or prompts.
   * @default 1000: not every client asks for the next page
   */
  pageSize?: number;
  /**
   * Whether lists show what is declared with scopes the caller lacks. A call is
   * refused either way, with a challenge that lets the client ask for the scope.
   * `@McpResourceList()` methods are only asked for callers who have theirs.
   * @default false
   */
  listUnauthorized?: boolean;
  /**
   * `Host` headers accepted.
   * @default the host of the resource URL, and loopback hosts where that is one
   */
  allowedHosts?: readonly string[];
  /**
   * Origins of web pages that may call; `*` is any.
   * @default the origin of the resource URL, and loopback origins where that is one
   */
  allowedOrigins?: readonly string[];
}
