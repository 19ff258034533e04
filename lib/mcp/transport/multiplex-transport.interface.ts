import type { DirectDispatcher } from './direct-dispatcher.js';
import type { ResourceSubscriptions } from './resource-subscriptions.js';
import type { TransportLogger } from './transport.interfaces.js';

/** What a transport is made of. */
export interface MultiplexTransportOptions {
  readonly dispatcher: DirectDispatcher;
  readonly logger: TransportLogger;
  /** Whether the server declared that it logs; it must not log otherwise. */
  readonly logging: boolean;
  /** Session whose only client this transport serves; absent when it is shared. */
  readonly sessionId?: string;
  readonly subscriptions?: ResourceSubscriptions;
  /** Of the ids of requests to the client, where replicas share the session. */
  readonly requestPrefix?: string | undefined;
}
