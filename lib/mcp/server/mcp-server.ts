import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import type { TokenExchangeService } from '../../delegation/token-exchange.service.js';
import type { ProtectedResourceRegistry } from '../../guards/protected-resource.registry.js';
import type { RequestAuthenticator } from '../../guards/request-authenticator.js';
import type { ScopePolicy } from '../../guards/scope-policy.js';
import { applyCors, type CorsPolicy } from '../../http/cors.js';
import type { Observability } from '../../observability/observability.js';
import type { ProtectedResource } from '../../verification/protected-resource.js';
import type { McpCatalog } from '../catalog/mcp-catalog.js';
import { watchCatalog } from '../changes/catalog-watch.js';
import { toNotification, type McpChange } from '../changes/change.js';
import type { ChangeFeed } from '../changes/change-feed.js';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { SESSIONS_OF_ONE_REPLICA } from '../mcp.messages.js';
import type { ModernEndpoint } from '../modern/modern-endpoint.js';
import { openEras } from '../modern/modern-era.js';
import { McpEndpoint } from '../transport/mcp-endpoint.js';
import type {
  EndpointStats,
  McpEndpointOptions,
} from '../transport/mcp-endpoint.interface.js';
import { refuse } from '../transport/refusal.js';
import { TransportMessages } from '../transport/transport.messages.js';
import { McpGate } from './mcp-gate.js';
import type { McpServerConfig } from './mcp-server.config.js';
import { createDispatcher } from './dispatcher.factory.js';
import { LiveCapabilities } from './live-capabilities.js';

/** What an MCP server is made of. */
export interface McpServerInit {
  readonly config: McpServerConfig;
  readonly resource: ProtectedResource;
  readonly resources: ProtectedResourceRegistry;
  readonly catalog: McpCatalog;
  readonly changes: ChangeFeed;
  readonly authenticator: RequestAuthenticator;
  readonly scopePolicy: ScopePolicy;
  readonly exchange: TokenExchangeService;
  readonly observability: Observability;
  readonly logger: LoggerService;
}

/** What a server holds at this moment: to watch it, and to find leaks. */
export interface McpServerStats extends EndpointStats {
  /** Requests of revision 2026-07-28, open subscriptions included. */
  readonly exchanges: number;
}

const NOTHING: EndpointStats = {
  sessions: 0,
  calls: 0,
  serverRequests: 0,
  streams: 0,
  resumableStreams: 0,
  storedEvents: 0,
};

const MAX_BATCH = 50;
const KEEP_ALIVE_INTERVAL = 15_000;

/** One MCP server of the application: a catalog behind a protected endpoint. */
export class McpServer {
  readonly path: string;
  readonly catalog: McpCatalog;
  private readonly options: McpEndpointOptions;
  private readonly cors: CorsPolicy;
  private endpoint: McpEndpoint | undefined;
  private modern: ModernEndpoint | undefined;

  constructor(private readonly init: McpServerInit) {
    const { config, catalog, logger, scopePolicy } = init;
    this.path = config.path;
    this.catalog = catalog;
    this.cors = {
      methods: config.sessions ? 'GET, POST, DELETE' : 'POST',
      isOriginAllowed: (origin) => config.isOriginAllowed(origin),
    };
    const gate = new McpGate(init);
    this.options = {
      ...config,
      serverInfo: { name: config.name, version: config.version },
      capabilities: new LiveCapabilities(catalog, config.sessions !== false),
      gate,
      dispatcher: createDispatcher({
        catalog,
        exchange: init.exchange,
        refusalFor: (context, scopes) => gate.refusalFor(context, scopes),
        observability: init.observability,
        logger,
        callTimeout: config.callTimeout,
        pageSize: config.pageSize,
        filtersLists: config.filtersLists,
        permits: (principal, scopes) => scopePolicy.permits(principal, scopes),
      }),
      maxBatch: MAX_BATCH,
      keepAliveInterval: KEEP_ALIVE_INTERVAL,
      logger,
    };
  }

  async start(): Promise<void> {
    const { config, resource, catalog, changes, logger } = this.init;
    const { options, modern } = await openEras(
      config,
      {
        name: config.name,
        audience: resource.identifier,
        catalog,
        capabilities: new LiveCapabilities(catalog, true),
        logger,
      },
      this.options,
    );
    this.modern = modern;
    const { sessions } = options;
    if (sessions && !sessions.sharing && config.areReplicasLikely) {
      logger.warn(SESSIONS_OF_ONE_REPLICA);
    }
    this.endpoint = new McpEndpoint(options);
    await this.endpoint.start();
    changes.open((change) => this.tell(change));
    watchCatalog(catalog, changes);
  }

  async close(): Promise<void> {
    this.init.changes.close();
    await this.endpoint?.close();
    await this.modern?.close();
  }

  stats(): McpServerStats {
    const exchanges = this.modern?.size ?? 0;
    return { ...(this.endpoint?.stats() ?? NOTHING), exchanges };
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (applyCors(request, response, this.cors)) return;
    if (this.endpoint) {
      this.endpoint.handle(request, response);
      return;
    }
    const code = JsonRpcErrorCode.ConnectionError;
    refuse(response, 503, { code, message: TransportMessages.closed });
  }

  /** Everybody who listens: what they may see of it, they find out by asking. */
  private tell(change: McpChange): void {
    const uri = 'uri' in change ? change.uri : undefined;
    this.endpoint?.broadcast(toNotification(change), uri);
    this.modern?.tell(change);
  }
}
