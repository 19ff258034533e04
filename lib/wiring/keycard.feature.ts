import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ProtectedResourceRegistry } from '../guards/protected-resource.registry.js';
import { KEYCARD_CONFIG } from './keycard.constants.js';
import type { DiscoveredHandler } from '../mcp/discovery/mcp.explorer.js';
import { McpServerRegistry } from '../mcp/server/mcp-server.registry.js';
import { AUDIENCE_OFF } from '../options/options.messages.js';
import { createFeatureConfig } from '../options/feature-config.factory.js';
import type { KeycardConfig } from '../options/keycard-config.js';
import type { KeycardFeatureOptions } from '../options/keycard-feature-options.interface.js';
import { ProtectedResource } from '../verification/protected-resource.js';
import { logger } from './logger.js';

/** One feature. Nest tells the features of an application apart by their providers. */
@Module({})
export class KeycardFeatureModule {}

/** Adds the resource, and its MCP server, before the application starts. */
export function createFeature(options: KeycardFeatureOptions): DynamicModule {
  const token = `KEYCARD:FEATURE:${options.resourceUrl}`;
  const provider: Provider = {
    provide: token,
    inject: [
      KEYCARD_CONFIG,
      ProtectedResourceRegistry,
      McpServerRegistry,
      ModulesContainer,
    ],
    useFactory: (
      { locator }: KeycardConfig,
      resources: ProtectedResourceRegistry,
      servers: McpServerRegistry,
      modules: ModulesContainer,
    ) => {
      const config = createFeatureConfig(options, locator);
      if (options.audience === false) {
        logger.warn(`${options.resourceUrl}: ${AUDIENCE_OFF}`);
      }
      const resource = resources.add(new ProtectedResource(config.resource));
      if (config.mcp) {
        const owns = ownershipOf(options, token, modules);
        servers.define({ config: config.mcp, resource, owns });
      }
      return config;
    },
  };
  return { module: KeycardFeatureModule, providers: [provider] };
}

/** What the classes listed declare, else what the modules that import the feature do. */
function ownershipOf(
  { mcp }: KeycardFeatureOptions,
  token: string,
  modules: ModulesContainer,
): (handler: DiscoveredHandler) => boolean {
  const classes = typeof mcp === 'object' ? mcp.tools : undefined;
  if (classes) {
    return ({ prototype }) =>
      classes.some((type) => type.prototype === prototype);
  }
  return ({ wrapper }) =>
    [...modules.values()].some(
      (module) =>
        module === wrapper.host &&
        [...module.imports].some(({ providers }) => providers.has(token)),
    );
}
