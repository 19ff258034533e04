import {
  Inject,
  Module,
  type DynamicModule,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost } from '@nestjs/core';
import { TokenExchangeService } from './delegation/token-exchange.service.js';
import { KEYCARD_GUARD_DEPENDENCIES } from './guards/guards.constants.js';
import { KeycardAuthGuard } from './guards/keycard-auth.guard.js';
import { ProtectedResourceRegistry } from './guards/protected-resource.registry.js';
import { RequestAdmission } from './guards/request-admission.js';
import { RouteExplorer } from './guards/route.explorer.js';
import { KeycardMiddleware } from './http/keycard.middleware.js';
import { mountRootRouter } from './http/root-router.mount.js';
import { RootRouter } from './http/root-router.js';
import {
  ConfigurableModuleClass,
  type ASYNC_OPTIONS_TYPE,
  type OPTIONS_TYPE,
} from './wiring/keycard.module-definition.js';
import { KEYCARD_CONFIG } from './wiring/keycard.constants.js';
import { AuditLifecycle } from './wiring/audit.lifecycle.js';
import { createCredentialContext } from './wiring/credential-context.js';
import { createFeature } from './wiring/keycard.feature.js';
import { KEYCARD_PROVIDERS } from './wiring/keycard.providers.js';
import { McpServers } from './mcp/runtime/mcp-servers.js';
import { McpServerRegistry } from './mcp/server/mcp-server.registry.js';
import { StdioServers } from './mcp/stdio/stdio-servers.js';
import { MetadataController } from './metadata/metadata.controller.js';
import { AuditStream } from './observability/audit/audit-stream.js';
import { KeycardHealthIndicator } from './observability/health/keycard.health-indicator.js';
import type { KeycardConfig } from './options/keycard-config.js';
import type { KeycardFeatureOptions } from './options/keycard-feature-options.interface.js';

/**
 * Protects an application with access tokens of a Keycard zone, serves its
 * `@McpTool()` methods as an MCP server, and lets them call other APIs on
 * behalf of their callers. Import it once, in the root module; it is global.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     KeycardModule.forRoot({
 *       zoneUrl: 'https://acme.keycard.cloud',
 *       resourceUrl: 'https://mcp.acme.com/mcp',
 *     }),
 *   ],
 *   providers: [CalendarTools],
 * })
 * export class AppModule {}
 * ```
 * @publicApi
 */
@Module({
  imports: [DiscoveryModule],
  providers: KEYCARD_PROVIDERS,
  exports: [
    AuditStream,
    KEYCARD_CONFIG,
    KEYCARD_GUARD_DEPENDENCIES,
    KeycardAuthGuard,
    KeycardHealthIndicator,
    KeycardMiddleware,
    McpServerRegistry,
    McpServers,
    ProtectedResourceRegistry,
    RequestAdmission,
    StdioServers,
    TokenExchangeService,
  ],
})
export class KeycardModule
  extends ConfigurableModuleClass
  implements OnModuleInit, OnModuleDestroy
{
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly router: RootRouter,
    private readonly metadata: MetadataController,
    private readonly servers: McpServerRegistry,
    private readonly stdio: StdioServers,
    private readonly routes: RouteExplorer,
    private readonly audit: AuditLifecycle,
    @Inject(KEYCARD_CONFIG) private readonly config: KeycardConfig,
  ) {
    super();
  }

  /**
   * @throws KeycardConfigurationError, ZoneConfigurationError at boot
   */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return super.forRoot(options);
  }

  /** The same with options from a factory, a class or an existing provider. */
  static override forRootAsync(
    options: typeof ASYNC_OPTIONS_TYPE,
  ): DynamicModule {
    return super.forRootAsync(options);
  }

  /**
   * Adds a protected resource to an application that has the module: an area
   * of HTTP routes, or an MCP server of its own.
   *
   * @example
   * ```ts
   * @Module({
   *   imports: [
   *     KeycardModule.forFeature({
   *       resourceUrl: 'https://mcp.acme.com/admin',
   *       mcp: true,
   *     }),
   *   ],
   *   providers: [AdminTools],
   * })
   * export class AdminModule {}
   * ```
   */
  static forFeature(options: KeycardFeatureOptions): DynamicModule {
    return createFeature(options);
  }

  async onModuleInit(): Promise<void> {
    const { credential } = this.config;
    this.audit.start();
    this.routes.check(credential !== undefined);
    credential?.attach?.(createCredentialContext(this.config));
    await credential?.prepare?.();
    await this.servers.start(this.router);
    const { httpAdapter } = this.adapterHost;
    // An application context without a server has nobody to answer to.
    if (!httpAdapter?.getType()) return;
    this.routes.publishScopes();
    this.metadata.register(this.router);
    mountRootRouter(httpAdapter, this.router);
  }

  async onModuleDestroy(): Promise<void> {
    await this.stdio.close();
    await this.servers.close();
    await this.config.credential?.close?.();
    this.audit.stop();
  }
}
