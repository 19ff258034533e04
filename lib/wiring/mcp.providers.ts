import type { Observability } from '../observability/observability.js';
import { type Provider } from '@nestjs/common';
import {
  DiscoveryService,
  ExternalContextCreator,
  MetadataScanner,
  ModuleRef,
} from '@nestjs/core';
import { TokenExchangeService } from '../delegation/token-exchange.service.js';
import { ProtectedResourceRegistry } from '../guards/protected-resource.registry.js';
import { RequestAuthenticator } from '../guards/request-authenticator.js';
import { ScopePolicy } from '../guards/scope-policy.js';
import { KEYCARD_CONFIG, KEYCARD_OBSERVABILITY } from './keycard.constants.js';
import { McpExplorer } from '../mcp/discovery/mcp.explorer.js';
import { CatalogFactory } from '../mcp/discovery/catalog.factory.js';
import { CompletionFactory } from '../mcp/discovery/completion.factory.js';
import { HandlerFactory } from '../mcp/discovery/handler.factory.js';
import { PromptFactory } from '../mcp/discovery/prompt.factory.js';
import { ResourceFactory } from '../mcp/discovery/resource.factory.js';
import { ToolFactory } from '../mcp/discovery/tool.factory.js';
import { HandlerInvokerFactory } from '../mcp/invocation/handler-invoker.factory.js';
import { McpServers } from '../mcp/runtime/mcp-servers.js';
import { RuntimeEntryFactory } from '../mcp/runtime/runtime-entry.factory.js';
import { RuntimeHandlerFactory } from '../mcp/runtime/runtime-handler.factory.js';
import { RuntimeHandlerHost } from '../mcp/runtime/runtime-handler.host.js';
import { McpServerRegistry } from '../mcp/server/mcp-server.registry.js';
import { StdioServers } from '../mcp/stdio/stdio-servers.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import { logger } from './logger.js';

type EntryFactories = [ToolFactory, ResourceFactory, PromptFactory];

const ENTRY_FACTORIES = 'KEYCARD:ENTRY_FACTORIES';

/** The MCP servers. */
export const MCP_PROVIDERS: Provider[] = [
  {
    provide: McpExplorer,
    inject: [DiscoveryService, MetadataScanner],
    useFactory: (discovery: DiscoveryService, scanner: MetadataScanner) =>
      new McpExplorer(discovery, scanner),
  },
  {
    provide: ENTRY_FACTORIES,
    inject: [KEYCARD_CONFIG, ExternalContextCreator, ModuleRef],
    useFactory: (
      { credential }: KeycardConfig,
      contextCreator: ExternalContextCreator,
      moduleRef: ModuleRef,
    ): EntryFactories => {
      const handlers = new HandlerFactory(
        new HandlerInvokerFactory(contextCreator, moduleRef),
        { hasCredential: credential !== undefined },
      );
      const completions = new CompletionFactory(handlers);
      return [
        new ToolFactory(handlers),
        new ResourceFactory(handlers, completions),
        new PromptFactory(handlers, completions),
      ];
    },
  },
  {
    provide: CatalogFactory,
    inject: [ENTRY_FACTORIES],
    useFactory: (factories: EntryFactories) => new CatalogFactory(...factories),
  },
  RuntimeHandlerHost,
  {
    provide: McpServers,
    inject: [McpServerRegistry, ENTRY_FACTORIES, DiscoveryService],
    useFactory: (
      registry: McpServerRegistry,
      factories: EntryFactories,
      discovery: DiscoveryService,
    ) =>
      new McpServers(
        registry,
        new RuntimeEntryFactory(
          new RuntimeHandlerFactory(discovery),
          ...factories,
        ),
      ),
  },
  {
    provide: StdioServers,
    inject: [
      KEYCARD_CONFIG,
      McpServerRegistry,
      ScopePolicy,
      TokenExchangeService,
      KEYCARD_OBSERVABILITY,
    ],
    useFactory: (
      { zones, userIdentifier }: KeycardConfig,
      registry: McpServerRegistry,
      scopePolicy: ScopePolicy,
      exchange: TokenExchangeService,
      observability: Observability,
    ) =>
      new StdioServers({
        registry,
        zones,
        scopePolicy,
        exchange,
        observability,
        logger,
        userIdentifier,
      }),
  },
  {
    provide: McpServerRegistry,
    inject: [
      KEYCARD_CONFIG,
      McpExplorer,
      CatalogFactory,
      ProtectedResourceRegistry,
      RequestAuthenticator,
      ScopePolicy,
      TokenExchangeService,
      KEYCARD_OBSERVABILITY,
    ],
    useFactory: (
      { locator, mcp }: KeycardConfig,
      explorer: McpExplorer,
      factory: CatalogFactory,
      resources: ProtectedResourceRegistry,
      authenticator: RequestAuthenticator,
      scopePolicy: ScopePolicy,
      exchange: TokenExchangeService,
      observability: Observability,
    ) => {
      const registry = new McpServerRegistry({
        zones: locator,
        resources,
        scopePolicy,
        explorer,
        factory,
        authenticator,
        exchange,
        observability,
        logger,
      });
      if (mcp) registry.define({ config: mcp, resource: resources.own });
      return registry;
    },
  },
];
