import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import type { TokenExchangeService } from '../../delegation/token-exchange.service.js';
import type { RequestAuthenticator } from '../../guards/request-authenticator.js';
import { isLoopback } from '../../oauth/secure-url.js';
import type { McpConfig } from '../../options/keycard-config.js';
import type { ResourceTarget } from '../../verification/protected-resource.js';
import type { ToolCatalog } from '../catalog/tool-catalog.js';
import { McpEndpoint } from '../transport/mcp-endpoint.js';
import { McpGate } from './mcp-gate.js';
import { ToolDispatcher } from './tool-dispatcher.js';

/** What an MCP server is made of. */
export interface McpServerInit {
  readonly name: string;
  readonly version: string;
  readonly config: McpConfig;
  readonly target: ResourceTarget;
  readonly catalog: ToolCatalog;
  readonly authenticator: RequestAuthenticator;
  readonly exchange: TokenExchangeService;
  readonly logger: LoggerService;
}

/** One MCP server of the application: a catalog behind a protected endpoint. */
export class McpServer {
  readonly name: string;
  readonly path: string;
  readonly catalog: ToolCatalog;
  private readonly endpoint: McpEndpoint;

  constructor(init: McpServerInit) {
    const { config, catalog, logger } = init;
    this.name = init.name;
    this.path = config.path;
    this.catalog = catalog;
    this.endpoint = new McpEndpoint({
      serverInfo: { name: init.name, version: init.version },
      capabilities: { tools: {}, logging: {} },
      ...(config.instructions && { instructions: config.instructions }),
      dispatcher: new ToolDispatcher(
        catalog,
        init.exchange,
        logger,
        config.callTimeout,
      ),
      gate: new McpGate(init),
      sessions: config.sessions,
      stateless: config.stateless,
      bodyLimit: config.bodyLimit,
      maxBatch: MAX_BATCH,
      keepAliveInterval: KEEP_ALIVE_INTERVAL,
      onDisconnect: config.onDisconnect,
      isHostAllowed: (host) => isHostAllowed(host, config),
      isOriginAllowed: (origin) => isOriginAllowed(origin, config),
      logger,
    });
  }

  start(): Promise<void> {
    return this.endpoint.start();
  }

  close(): Promise<void> {
    return this.endpoint.close();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.endpoint.handle(request, response);
  }
}

const MAX_BATCH = 50;
const KEEP_ALIVE_INTERVAL = 15_000;

function isHostAllowed(host: string, config: McpConfig): boolean {
  if (config.allowedHosts.has(host)) return true;
  return config.allowsLoopback && isLoopbackOrigin(`http://${host}`);
}

function isOriginAllowed(origin: string, config: McpConfig): boolean {
  if (config.allowedOrigins.has(origin)) return true;
  return config.allowsLoopback && isLoopbackOrigin(origin);
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin));
}
