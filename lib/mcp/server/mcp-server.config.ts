import type { McpEventBus } from '../changes/event-bus.interface.js';
import type { ModernEraConfig } from '../modern/modern-era.js';
import type {
  SessionConfig,
  SubscriptionLimits,
} from '../transport/mcp-endpoint.interface.js';

/** Settings of an MCP server, with the defaults filled in. */
export interface McpServerConfig extends ModernEraConfig {
  readonly name: string;
  readonly version: string;
  /** Whether it is served even if there is nothing in it. */
  readonly isExplicit: boolean;
  readonly path: string;
  readonly instructions?: string;
  readonly sessions: SessionConfig | false;
  readonly subscriptions: SubscriptionLimits;
  readonly stateless: boolean;
  /** Milliseconds; 0 means no limit. */
  readonly callTimeout: number;
  readonly onDisconnect: 'abort' | 'continue';
  /** In bytes. */
  readonly bodyLimit: number;
  /** Entries on a page of a list. */
  readonly pageSize: number;
  /** Whether what the caller has no scope for is left out of lists. */
  readonly filtersLists: boolean;
  /** Absent where there are no other replicas. */
  readonly eventBus?: McpEventBus;
  isHostAllowed(host: string): boolean;
  isOriginAllowed(origin: string): boolean;
}
