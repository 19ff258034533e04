import type { LoggerService } from '@nestjs/common';
import type { TokenExchangeService } from '../../delegation/token-exchange.service.js';
import {
  scopesOfOperation,
  type ScopePolicy,
} from '../../guards/scope-policy.js';
import { InsufficientScopeException } from '../../guards/exceptions/insufficient-scope.exception.js';
import type { Observability } from '../../observability/observability.js';
import type { Principal } from '../../verification/principal.js';
import type { ResourceTarget } from '../../verification/protected-resource.js';
import type { ZoneDirectory } from '../../zone/zone-directory.js';
import type { DefinedServer } from '../server/defined-server.js';
import { createDispatcher } from '../server/dispatcher.factory.js';
import { findServer } from '../server/find-server.js';
import { LiveCapabilities } from '../server/live-capabilities.js';
import type { McpServerRegistry } from '../server/mcp-server.registry.js';
import { LocalCaller } from './local-caller.js';
import { LocalDispatcher } from './local.dispatcher.js';
import { MissingScopeException } from './missing-scope.exception.js';
import type { ServeStdioOptions } from './serve-stdio-options.interface.js';
import { StdioConnection } from './stdio-connection.js';
import { findStdioSdk } from './stdio-sdk.loader.js';
import { StdioWire, type StdioStreams } from './stdio-wire.js';
import { StdioError } from './stdio.error.js';
import { StdioMessages } from './stdio.messages.js';

/** What the servers are opened with. */
export interface StdioServersDependencies {
  readonly registry: McpServerRegistry;
  readonly zones: ZoneDirectory;
  readonly scopePolicy: ScopePolicy;
  readonly exchange: TokenExchangeService;
  readonly observability: Observability;
  readonly logger: LoggerService;
  /** Whom the process works for, as its environment says. */
  readonly userIdentifier: string | undefined;
}

/** Opens servers of the application to the client that started the process. */
export class StdioServers {
  private readonly connections: StdioConnection[] = [];

  constructor(private readonly dependencies: StdioServersDependencies) {}

  /** @throws McpDefinitionError, StdioError, ModernEraError */
  async open(
    { server: wanted, scopes, zoneId }: ServeStdioOptions,
    streams: StdioStreams,
  ): Promise<StdioConnection> {
    const { registry, userIdentifier, logger } = this.dependencies;
    const server = findServer(registry.defined, wanted);
    const target = this.targetOf(server, zoneId);
    await server.ensureServed();
    const { catalog, changes, config } = server;
    const caller = new LocalCaller({ target, userIdentifier, scopes });
    const connection = new StdioConnection(
      {
        ...this.answering(server, target),
        caller,
        wire: new StdioWire(streams, config.bodyLimit),
        introduction: {
          serverInfo: { name: config.name, version: config.version },
          capabilities: new LiveCapabilities(catalog, true),
          ...(config.instructions && { instructions: config.instructions }),
        },
        subscriptions: config.subscriptions,
        eras: config,
        audience: target.identifier,
        logger,
      },
      await findStdioSdk(config),
    );
    changes.watch((change) => connection.tell(change));
    this.connections.push(connection);
    await connection.start();
    const { subject } = caller.current.principal;
    logger.log(StdioMessages.serves(config.name, subject));
    return connection;
  }

  async close(): Promise<void> {
    const { connections } = this;
    await Promise.all(connections.map((connection) => connection.close()));
  }

  private targetOf(
    { resource }: DefinedServer,
    zoneId: string | undefined,
  ): ResourceTarget {
    const zone = this.dependencies.zones.find(zoneId);
    if (!zone) throw new StdioError(StdioMessages.unknownZone(zoneId));
    return resource.in(zone);
  }

  private answering(
    { catalog, config }: DefinedServer,
    target: ResourceTarget,
  ): { readonly dispatcher: LocalDispatcher } {
    const { scopePolicy } = this.dependencies;
    const { callTimeout, pageSize, filtersLists } = config;
    const inner = createDispatcher({
      ...this.dependencies,
      catalog,
      callTimeout,
      pageSize,
      refusalFor: (_context, scopes) =>
        new MissingScopeException(scopesOfOperation(target, scopes)),
      filtersLists,
      permits: (principal, scopes) => scopePolicy.permits(principal, scopes),
    });
    const refusalOf = (principal: Principal, scopes: readonly string[]) => {
      try {
        scopePolicy.check(principal, target, scopes);
        return undefined;
      } catch (error) {
        if (!(error instanceof InsufficientScopeException)) throw error;
        return new MissingScopeException(error.scopes);
      }
    };
    return { dispatcher: new LocalDispatcher({ inner, catalog, refusalOf }) };
  }
}
