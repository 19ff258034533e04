import type { LoggerService } from '@nestjs/common';
import type { TokenExchangeService } from '../../delegation/token-exchange.service.js';
import type { ProtectedResourceRegistry } from '../../guards/protected-resource.registry.js';
import type { RequestAuthenticator } from '../../guards/request-authenticator.js';
import type { ScopePolicy } from '../../guards/scope-policy.js';
import type { RawHandler } from '../../http/raw-route.js';
import { ROUTE_TAKEN } from '../../http/http.messages.js';
import type { RootRouter } from '../../http/root-router.js';
import type { Observability } from '../../observability/observability.js';
import type { ZoneLocator } from '../../zone/zone-locator.js';
import { ToolCatalog } from '../catalog/tool-catalog.js';
import type { DiscoveredTool, McpExplorer } from '../discovery/mcp.explorer.js';
import type { ToolFactory } from '../discovery/tool.factory.js';
import { SERVED } from '../mcp.messages.js';
import type { McpServerDefinition } from './mcp-server.definition.js';
import { McpServer } from './mcp-server.js';

/** What the registry works with. */
export interface McpServerRegistryDependencies {
  readonly zones: ZoneLocator;
  readonly resources: ProtectedResourceRegistry;
  readonly scopePolicy: ScopePolicy;
  readonly explorer: McpExplorer;
  readonly factory: ToolFactory;
  readonly authenticator: RequestAuthenticator;
  readonly exchange: TokenExchangeService;
  readonly observability: Observability;
  readonly logger: LoggerService;
}

/** The MCP servers of the application. */
export class McpServerRegistry {
  private readonly definitions: McpServerDefinition[] = [];
  private readonly servers: McpServer[] = [];

  constructor(private readonly dependencies: McpServerRegistryDependencies) {}

  get all(): readonly McpServer[] {
    return this.servers;
  }

  /** Announces a server. Call it before the application starts. */
  define(definition: McpServerDefinition): void {
    this.definitions.push(definition);
  }

  /** Finds the tools, checks them, and serves them. */
  async start(router: RootRouter): Promise<void> {
    const tools = this.dependencies.explorer.explore();
    for (const definition of this.definitions) {
      await this.serve(
        definition,
        tools.filter((tool) => this.ownerOf(tool) === definition),
        router,
      );
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
  }

  /** The server that asks for a tool, else the one that takes what is left. */
  private ownerOf(tool: DiscoveredTool): McpServerDefinition | undefined {
    return (
      this.definitions.find(({ owns }) => owns?.(tool)) ??
      this.definitions.find(({ owns }) => !owns)
    );
  }

  private async serve(
    definition: McpServerDefinition,
    tools: readonly DiscoveredTool[],
    router: RootRouter,
  ): Promise<void> {
    const { config, resource } = definition;
    const catalog = await this.createCatalog(tools);
    if (catalog.size === 0 && !config.isExplicit) return;
    resource.support(catalog.all.flatMap(({ scopes }) => scopes));
    const server = new McpServer({
      ...this.dependencies,
      config,
      resource,
      catalog,
    });
    this.mount(server, router);
    this.servers.push(server);
    await server.start();
    this.dependencies.logger.log(
      SERVED(config.name, server.path, catalog.size),
    );
  }

  /** At its path; below any first segment where that is the zone. */
  private mount(server: McpServer, router: RootRouter): void {
    if (this.servers.some(({ path }) => path === server.path)) {
      throw new Error(ROUTE_TAKEN(server.path));
    }
    const handler: RawHandler = (request, response) =>
      server.handle(request, response);
    if (!this.dependencies.zones.isInPath) {
      router.add(server.path, handler);
      return;
    }
    router.addResolver((path) =>
      path.slice(path.indexOf('/', 1)) === server.path ? handler : undefined,
    );
  }

  private async createCatalog(
    tools: readonly DiscoveredTool[],
  ): Promise<ToolCatalog> {
    const catalog = new ToolCatalog();
    for (const tool of tools) {
      catalog.add(await this.dependencies.factory.create(tool));
    }
    return catalog;
  }
}
