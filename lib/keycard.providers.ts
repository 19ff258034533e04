import { Logger, type Provider } from '@nestjs/common';
import {
  APP_FILTER,
  APP_GUARD,
  DiscoveryService,
  ExternalContextCreator,
  HttpAdapterHost,
  MetadataScanner,
  ModuleRef,
} from '@nestjs/core';
import { ExchangeCache } from './delegation/exchange-cache.js';
import { TokenExchangeService } from './delegation/token-exchange.service.js';
import { KeycardAuthGuard } from './guards/keycard-auth.guard.js';
import { KeycardExceptionFilter } from './guards/keycard-exception.filter.js';
import { ProtectedResourceRegistry } from './guards/protected-resource.registry.js';
import { RequestAuthenticator } from './guards/request-authenticator.js';
import { ScopePolicy } from './guards/scope-policy.js';
import { RootRouter } from './http/root-router.js';
import { KEYCARD_CONFIG, KEYCARD_FETCH } from './keycard.constants.js';
import { KEYCARD_MODULE_OPTIONS } from './keycard.module-definition.js';
import { McpExplorer } from './mcp/discovery/mcp.explorer.js';
import { ToolFactory } from './mcp/discovery/tool.factory.js';
import { ToolInvokerFactory } from './mcp/invocation/tool-invoker.factory.js';
import { McpServerRegistry } from './mcp/server/mcp-server.registry.js';
import { MetadataController } from './metadata/metadata.controller.js';
import { createHttpFetch, type HttpFetch } from './oauth/http-fetch.js';
import { createKeycardConfig } from './options/keycard-config.factory.js';
import type { KeycardConfig } from './options/keycard-config.js';
import type { KeycardModuleOptions } from './options/keycard-module-options.interface.js';
import { KeySetRegistry } from './verification/key-set-registry.js';
import { ProtectedResource } from './verification/protected-resource.js';
import { TokenVerifier } from './verification/token-verifier.js';
import { VerifiedTokenCache } from './verification/verified-token-cache.js';
import { ZoneDiscovery } from './zone/zone-discovery.js';

const logger = new Logger('Keycard');

const configProvider: Provider = {
  provide: KEYCARD_CONFIG,
  inject: [KEYCARD_MODULE_OPTIONS],
  useFactory: (options: KeycardModuleOptions) => {
    const config = createKeycardConfig(options);
    for (const warning of config.warnings) logger.warn(warning);
    return config;
  },
};

const zoneProviders: Provider[] = [
  {
    provide: KEYCARD_FETCH,
    inject: [KEYCARD_CONFIG],
    useFactory: ({ http }: KeycardConfig) => createHttpFetch(http),
  },
  {
    provide: ZoneDiscovery,
    inject: [KEYCARD_FETCH],
    useFactory: (fetch: HttpFetch) => new ZoneDiscovery(fetch),
  },
];

const verificationProviders: Provider[] = [
  {
    provide: KeySetRegistry,
    inject: [ZoneDiscovery, KEYCARD_FETCH],
    useFactory: (discovery: ZoneDiscovery, fetch: HttpFetch) =>
      new KeySetRegistry(discovery, fetch),
  },
  {
    provide: TokenVerifier,
    inject: [KEYCARD_CONFIG, ZoneDiscovery, KeySetRegistry],
    useFactory: (
      { tokens }: KeycardConfig,
      discovery: ZoneDiscovery,
      keySets: KeySetRegistry,
    ) =>
      new TokenVerifier(discovery, keySets, new VerifiedTokenCache(), tokens),
  },
];

const delegationProviders: Provider[] = [
  {
    provide: TokenExchangeService,
    inject: [KEYCARD_CONFIG, ZoneDiscovery, KEYCARD_FETCH],
    useFactory: (
      { credential, cache }: KeycardConfig,
      discovery: ZoneDiscovery,
      fetch: HttpFetch,
    ) =>
      new TokenExchangeService({
        discovery,
        credential,
        cache: new ExchangeCache(cache),
        fetch,
      }),
  },
];

const guardProviders: Provider[] = [
  {
    provide: ProtectedResourceRegistry,
    inject: [KEYCARD_CONFIG],
    useFactory: ({ locator, resource }: KeycardConfig) =>
      new ProtectedResourceRegistry(locator, new ProtectedResource(resource)),
  },
  {
    provide: ScopePolicy,
    inject: [KEYCARD_CONFIG],
    useFactory: ({ scopePolicy }: KeycardConfig) =>
      new ScopePolicy(scopePolicy),
  },
  {
    provide: RequestAuthenticator,
    inject: [TokenVerifier, ScopePolicy],
    useFactory: (verifier: TokenVerifier, scopePolicy: ScopePolicy) =>
      new RequestAuthenticator(verifier, scopePolicy),
  },
  {
    provide: KeycardAuthGuard,
    inject: [
      KEYCARD_CONFIG,
      RequestAuthenticator,
      ProtectedResourceRegistry,
      TokenExchangeService,
    ],
    useFactory: (
      { protect }: KeycardConfig,
      authenticator: RequestAuthenticator,
      resources: ProtectedResourceRegistry,
      exchange: TokenExchangeService,
    ) => new KeycardAuthGuard({ authenticator, resources, exchange, protect }),
  },
  { provide: APP_GUARD, useExisting: KeycardAuthGuard },
  {
    provide: APP_FILTER,
    inject: [HttpAdapterHost],
    useFactory: (host: HttpAdapterHost) => new KeycardExceptionFilter(host),
  },
];

const httpProviders: Provider[] = [
  { provide: RootRouter, useFactory: () => new RootRouter(logger) },
  {
    provide: MetadataController,
    inject: [KEYCARD_CONFIG, ProtectedResourceRegistry, ZoneDiscovery],
    useFactory: (
      { metadata }: KeycardConfig,
      resources: ProtectedResourceRegistry,
      discovery: ZoneDiscovery,
    ) =>
      new MetadataController({
        resources,
        discovery,
        options: metadata,
        logger,
      }),
  },
];

const mcpProviders: Provider[] = [
  {
    provide: McpExplorer,
    inject: [DiscoveryService, MetadataScanner],
    useFactory: (discovery: DiscoveryService, scanner: MetadataScanner) =>
      new McpExplorer(discovery, scanner),
  },
  {
    provide: ToolFactory,
    inject: [KEYCARD_CONFIG, ExternalContextCreator, ModuleRef],
    useFactory: (
      { credential }: KeycardConfig,
      contextCreator: ExternalContextCreator,
      moduleRef: ModuleRef,
    ) =>
      new ToolFactory(new ToolInvokerFactory(contextCreator, moduleRef), {
        hasCredential: credential !== undefined,
      }),
  },
  {
    provide: McpServerRegistry,
    inject: [
      KEYCARD_CONFIG,
      McpExplorer,
      ToolFactory,
      ProtectedResourceRegistry,
      RequestAuthenticator,
      ScopePolicy,
      TokenExchangeService,
    ],
    useFactory: (
      { locator, mcp }: KeycardConfig,
      explorer: McpExplorer,
      factory: ToolFactory,
      resources: ProtectedResourceRegistry,
      authenticator: RequestAuthenticator,
      scopePolicy: ScopePolicy,
      exchange: TokenExchangeService,
    ) => {
      const registry = new McpServerRegistry({
        zones: locator,
        resources,
        scopePolicy,
        explorer,
        factory,
        authenticator,
        exchange,
        logger,
      });
      if (mcp) registry.define({ config: mcp, resource: resources.own });
      return registry;
    },
  },
];

/** All providers of the module, in the order of the floors. */
export const KEYCARD_PROVIDERS: Provider[] = [
  configProvider,
  ...zoneProviders,
  ...verificationProviders,
  ...delegationProviders,
  ...guardProviders,
  ...httpProviders,
  ...mcpProviders,
];
