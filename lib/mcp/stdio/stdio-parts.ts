import type { ModernEraConfig } from '../modern/modern-era.js';
import type {
  ServerIntroduction,
  SubscriptionLimits,
} from '../transport/mcp-endpoint.interface.js';
import type {
  MethodDispatcher,
  TransportLogger,
} from '../transport/transport.interfaces.js';
import type { McpChange } from '../changes/change.js';
import type { LocalCaller } from './local-caller.js';
import type { StdioWire } from './stdio-wire.js';

/** What one connection is made of, in either era. */
export interface StdioParts {
  readonly wire: StdioWire;
  readonly introduction: ServerIntroduction;
  readonly dispatcher: MethodDispatcher;
  readonly caller: LocalCaller;
  readonly subscriptions: SubscriptionLimits;
  readonly eras: ModernEraConfig;
  /** Identifier of the resource that is served. */
  readonly audience: string;
  readonly logger: TransportLogger;
}

/** A connection whose era is decided by its first message. */
export interface StdioEntry {
  start(): Promise<void>;
  /** Tells the client what has changed, if it wants to know. */
  tell(change: McpChange): void;
  /** Ends the calls in flight. */
  close(): Promise<void>;
}
