import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  Implementation,
  ServerCapabilities,
} from '@modelcontextprotocol/sdk/types.js';
import type { SharedStore } from '../../replicas/shared-store.interface.js';
import type { ResumptionConfig } from './resumption/resumption.config.js';
import type { SealedSessionIdsInit } from './sealed-session-ids.js';
import type {
  Caller,
  EndpointGate,
  MethodDispatcher,
  TransportLogger,
} from './transport.interfaces.js';

/** Limits on the sessions of an endpoint. */
export interface SessionLimits {
  /** Milliseconds without a request after which a session is forgotten. */
  readonly idleTimeout: number;
  readonly maxSessions: number;
  readonly maxSessionsPerCaller: number;
}

/** How sessions are shared with other replicas. */
export interface SessionSharing extends SealedSessionIdsInit {
  /** Where replicas tell each other which sessions were ended. */
  readonly store?: SharedStore | undefined;
}

/** The sessions of an endpoint. */
export interface SessionConfig extends SessionLimits {
  /** `false`, or absent: what a broken connection did not deliver is lost. */
  readonly resumption?: ResumptionConfig | false;
  /** Absent: only this process knows its sessions. */
  readonly sharing?: SessionSharing | undefined;
}

/** Limits on what clients may listen to. */
export interface SubscriptionLimits {
  /** Resources that one session, or one stream of the modern era, listens to. */
  readonly maxResources: number;
  /** Streams of the modern era that listen. */
  readonly maxStreams: number;
  readonly maxStreamsPerCaller: number;
}

/**
 * What becomes of a stateless call when its client goes away: its answer can
 * no longer be delivered.
 */
export type DisconnectPolicy = 'abort' | 'continue';

/**
 * Answers requests of the modern era. They come authenticated; their messages
 * are not yet authorized.
 */
export interface ModernHandler {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    caller: Caller,
  ): void | Promise<void>;
}

/** How the server introduces itself. */
export interface ServerIntroduction {
  readonly serverInfo: Implementation;
  readonly capabilities: ServerCapabilities;
  readonly instructions?: string;
}

/** Configuration of an endpoint, every value resolved. */
export interface McpEndpointOptions extends ServerIntroduction {
  readonly dispatcher: MethodDispatcher;
  readonly gate: EndpointGate;
  /** Sessions for clients that `initialize`; `false` answers them stateless. */
  readonly sessions: false | SessionConfig;
  readonly subscriptions: SubscriptionLimits;
  /** Whether requests without a session are answered. */
  readonly stateless: boolean;
  /** Bytes of a request body. */
  readonly bodyLimit: number;
  /** Messages of a batch. */
  readonly maxBatch: number;
  /** Milliseconds between comments on open streams; 0 sends none. */
  readonly keepAliveInterval: number;
  readonly onDisconnect: DisconnectPolicy;
  /** Values of `Host` to accept, in lower case, with the port. */
  readonly allowedHosts?: ReadonlySet<string>;
  /** Asked about every other host, in lower case. With neither, any host may. */
  isHostAllowed?(host: string): boolean;
  /** Whether pages of an origin may call. Absent: none may. */
  isOriginAllowed?(origin: string): boolean;
  readonly modern?: ModernHandler;
  readonly logger: TransportLogger;
}

/** Values for whoever resolves {@link McpEndpointOptions}. */
export const MCP_ENDPOINT_DEFAULTS = {
  bodyLimit: 4 * 1024 * 1024,
  maxBatch: 50,
  keepAliveInterval: 15_000,
  onDisconnect: 'abort',
  stateless: true,
  subscriptions: {
    maxResources: 100,
    maxStreams: 10_000,
    maxStreamsPerCaller: 100,
  },
} as const;

/** What an endpoint holds at this moment. */
export interface EndpointStats {
  readonly sessions: number;
  /** Calls whose handler has not settled. */
  readonly calls: number;
  /** Requests to clients that are not answered yet. */
  readonly serverRequests: number;
  /** Open event streams, of calls and of sessions. */
  readonly streams: number;
  /** Streams that can be taken up again, with a connection or without. */
  readonly resumableStreams: number;
  /** Events kept in the memory of this process. */
  readonly storedEvents: number;
}
