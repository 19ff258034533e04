import type { DefinedServer } from '../server/defined-server.js';
import { findServer } from '../server/find-server.js';
import type { McpServerRegistry } from '../server/mcp-server.registry.js';
import { McpServerHandle } from './mcp-server.handle.js';
import type { RuntimeEntryFactory } from './runtime-entry.factory.js';

/**
 * The MCP servers of the application, to change while it runs. Inject it
 * anywhere, and use it in `onModuleInit` or later.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class Plugins implements OnModuleInit {
 *   constructor(private readonly servers: McpServers) {}
 *
 *   async onModuleInit() {
 *     await this.servers.get().addTool({ name: 'ping', description: '…', handler: () => 'pong' });
 *   }
 * }
 * ```
 * @publicApi
 */
export class McpServers {
  private readonly handles = new Map<DefinedServer, McpServerHandle>();

  /** @internal */
  constructor(
    private readonly registry: Pick<McpServerRegistry, 'defined'>,
    private readonly entries: RuntimeEntryFactory,
  ) {}

  /**
   * One of the servers.
   *
   * @param server its path or its name
   * @default the server of `KeycardModule.forRoot()`
   * @throws McpDefinitionError when there is none, or more than one of the name
   */
  get(server?: string): McpServerHandle {
    return this.handleOf(findServer(this.registry.defined, server));
  }

  /** All of them. */
  get all(): readonly McpServerHandle[] {
    return this.registry.defined.map((server) => this.handleOf(server));
  }

  private handleOf(server: DefinedServer): McpServerHandle {
    let handle = this.handles.get(server);
    if (!handle) {
      handle = new McpServerHandle(server, this.entries);
      this.handles.set(server, handle);
    }
    return handle;
  }
}
