import type { LoggerService } from '@nestjs/common';
import type { ProtectedResource } from '../../verification/protected-resource.js';
import { McpCatalog } from '../catalog/mcp-catalog.js';
import { BusConnection } from '../changes/bus-connection.js';
import { ChangeFeed } from '../changes/change-feed.js';
import type { McpServerConfig } from './mcp-server.config.js';
import type { McpServerDefinition } from './mcp-server.definition.js';

/**
 * A server from its definition on. Entries may be added before it is served:
 * modules are initialised one after the other.
 */
export class DefinedServer implements McpServerDefinition {
  readonly config: McpServerConfig;
  readonly resource: ProtectedResource;
  readonly owns: McpServerDefinition['owns'];
  readonly catalog = new McpCatalog();
  readonly changes: ChangeFeed;
  /** Whether the application started without it: there was nothing to serve. */
  isLeftOut = false;

  constructor(definition: McpServerDefinition, logger: LoggerService) {
    const { config, resource, owns } = definition;
    this.config = config;
    this.resource = resource;
    this.owns = owns;
    const { eventBus: bus } = config;
    const server = resource.identifier;
    this.changes = new ChangeFeed(
      bus && new BusConnection({ bus, server, logger }),
    );
  }
}
