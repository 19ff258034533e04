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
  private serve: (() => Promise<void>) | undefined;
  private serving: Promise<void> | undefined;

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

  /** Leaves it out for now: there is nothing to serve. */
  postpone(serve: () => Promise<void>): void {
    this.serve = serve;
  }

  /** Serves it after all. */
  async ensureServed(): Promise<void> {
    this.serving ??= this.serve?.();
    await this.serving;
  }
}
