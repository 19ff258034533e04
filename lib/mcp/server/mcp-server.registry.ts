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
import type {
  DiscoveredHandler,
  McpExplorer,
} from '../discovery/mcp.explorer.js';
import type { CatalogFactory } from '../discovery/catalog.factory.js';
import { SERVED } from '../mcp.messages.js';
import { DefinedServer } from './defined-server.js';
import type { McpServerDefinition } from './mcp-server.definition.js';
import { McpServer } from './mcp-server.js';

/** What the registry works with. */
export interface McpServerRegistryDependencies {
  readonly zones: ZoneLocator;
  readonly resources: ProtectedResourceRegistry;
  readonly scopePolicy: ScopePolicy;
  readonly explorer: McpExplorer;
  readonly factory: CatalogFactory;
  readonly authenticator: RequestAuthenticator;
  readonly exchange: TokenExchangeService;
  readonly observability: Observability;
  readonly logger: LoggerService;
}

/** The MCP servers of the application. */
export class McpServerRegistry {
  private readonly definitions: DefinedServer[] = [];
  private readonly servers: McpServer[] = [];

  constructor(private readonly dependencies: McpServerRegistryDependencies) {}

  get all(): readonly McpServer[] {
    return this.servers;
  }

  /** All that were announced, whether they are served or not. */
  get defined(): readonly DefinedServer[] {
    return this.definitions;
  }

  /** Announces a server. Call it before the application starts. */
  define(definition: McpServerDefinition): void {
    const { logger } = this.dependencies;
    this.definitions.push(new DefinedServer(definition, logger));
  }

  /** Finds what is declared, checks it, and serves it. */
  async start(router: RootRouter): Promise<void> {
    const handlers = this.dependencies.explorer.explore();
    for (const definition of this.definitions) {
      await this.serve(
        definition,
        handlers.filter((handler) => this.ownerOf(handler) === definition),
        router,
      );
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
  }

  /** The server that asks for a handler, else the one that takes what is left. */
  private ownerOf(handler: DiscoveredHandler): DefinedServer | undefined {
    return (
      this.definitions.find(({ owns }) => owns?.(handler)) ??
      this.definitions.find(({ owns }) => !owns)
    );
  }

  private async serve(
    definition: DefinedServer,
    handlers: readonly DiscoveredHandler[],
    router: RootRouter,
  ): Promise<void> {
    const { config, resource, catalog } = definition;
    const declared = await this.dependencies.factory.create(handlers);
    catalog.include(declared);
    resource.support(declared.all.flatMap(({ scopes }) => scopes));
    if (catalog.all.length > 0 || config.isExplicit) {
      await this.open(definition, router);
    } else {
      definition.postpone(() => this.open(definition, router));
    }
  }

  private async open(
    { config, resource, catalog, changes }: DefinedServer,
    router: RootRouter,
  ): Promise<void> {
    const server = new McpServer({
      ...this.dependencies,
      config,
      resource,
      catalog,
      changes,
    });
    this.mount(server, router);
    this.servers.push(server);
    await server.start();
    const { tools, resources, templates, prompts } = catalog;
    const counts = {
      tool: tools.size,
      resource: resources.size,
      'resource template': templates.size,
      prompt: prompts.size,
    };
    this.dependencies.logger.log(SERVED(config.name, server.path, counts));
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
}
