import type { LoggerService } from '@nestjs/common';
import type { TokenExchangeService } from '../../delegation/token-exchange.service.js';
import type { ProtectedResourceRegistry } from '../../guards/protected-resource.registry.js';
import type { RequestAuthenticator } from '../../guards/request-authenticator.js';
import type { RootRouter } from '../../http/root-router.js';
import type { KeycardConfig } from '../../options/keycard-config.js';
import { ToolCatalog } from '../catalog/tool-catalog.js';
import type { McpExplorer } from '../discovery/mcp.explorer.js';
import type { ToolFactory } from '../discovery/tool.factory.js';
import { SERVED } from '../mcp.messages.js';
import { McpServer } from './mcp-server.js';

/** What the registry works with. */
export interface McpServerRegistryDependencies {
  readonly config: KeycardConfig;
  readonly explorer: McpExplorer;
  readonly factory: ToolFactory;
  readonly resources: ProtectedResourceRegistry;
  readonly authenticator: RequestAuthenticator;
  readonly exchange: TokenExchangeService;
  readonly logger: LoggerService;
}

/** The MCP servers of the application. */
export class McpServerRegistry {
  private readonly servers: McpServer[] = [];

  constructor(private readonly dependencies: McpServerRegistryDependencies) {}

  get all(): readonly McpServer[] {
    return this.servers;
  }

  /** Finds the tools, checks them, and serves them. */
  async start(router: RootRouter): Promise<void> {
    const { config, resources, logger } = this.dependencies;
    const catalog = await this.createCatalog();
    if (config.mcp === false) return;
    if (catalog.size === 0 && !config.mcp.isExplicit) return;
    const zone = config.zones.find(undefined)!;
    const resource = resources.own;
    resource.support(catalog.all.flatMap(({ scopes }) => scopes));
    const server = new McpServer({
      ...this.dependencies,
      name: config.serverName,
      version: config.serverVersion,
      config: config.mcp,
      target: resource.in(zone),
      catalog,
    });
    await server.start();
    router.add(server.path, (request, response) =>
      server.handle(request, response),
    );
    this.servers.push(server);
    logger.log(SERVED(server.name, server.path, catalog.size));
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
  }

  private async createCatalog(): Promise<ToolCatalog> {
    const { explorer, factory } = this.dependencies;
    const catalog = new ToolCatalog();
    for (const discovered of explorer.explore()) {
      catalog.add(await factory.create(discovered));
    }
    return catalog;
  }
}
