import type { EntryRegistry } from '../catalog/entry-registry.js';
import type { McpEntry } from '../catalog/entry.interface.js';
import type { SchemaSource } from '../schema/schema-source.interface.js';
import type { DefinedServer } from '../server/defined-server.js';
import { McpRegistration } from './mcp-registration.js';
import type { RuntimeEntryFactory } from './runtime-entry.factory.js';
import type {
  AddPromptOptions,
  AddResourceOptions,
  AddToolOptions,
} from './runtime-options.interface.js';

/**
 * One MCP server of the application, to change while it runs. What is added goes
 * through everything that a decorated method goes through: scopes, guards,
 * interceptors and pipes of the whole application, validation, grants.
 *
 * Every process has its own entries: add them on each replica.
 *
 * @publicApi
 */
export class McpServerHandle {
  /** @internal */
  constructor(
    private readonly server: DefinedServer,
    private readonly entries: RuntimeEntryFactory,
  ) {}

  /** Name, as clients know it. */
  get name(): string {
    return this.server.config.name;
  }

  /** Path in this application. */
  get path(): string {
    return this.server.config.path;
  }

  /**
   * Adds a tool, and tells clients.
   *
   * @example
   * ```ts
   * const weather = await servers.get().addTool({
   *   name: 'weather',
   *   description: 'Tells the weather of a city',
   *   scopes: 'weather:read',
   *   input: z.object({ city: z.string() }),
   *   handler: ({ city }) => this.forecast(city),
   * });
   * weather.remove();
   * ```
   * @throws McpDefinitionError when the name is taken, or it cannot work
   * @throws SchemaDefinitionError, GrantDefinitionError
   */
  async addTool<Source extends SchemaSource = undefined>(
    options: AddToolOptions<Source>,
  ): Promise<McpRegistration> {
    const { tools } = this.server.catalog;
    return this.register(tools, await this.entries.createTool(options));
  }

  /**
   * Adds a resource, or a template of many, and tells clients.
   *
   * @throws McpDefinitionError when the URI is taken, or it cannot work
   * @throws SchemaDefinitionError, GrantDefinitionError
   */
  async addResource<Source extends SchemaSource = undefined>(
    options: AddResourceOptions<Source>,
  ): Promise<McpRegistration> {
    const { resources, templates } = this.server.catalog;
    const entry = await this.entries.createResource(options);
    return 'pattern' in entry
      ? this.register(templates, entry)
      : this.register(resources, entry);
  }

  /**
   * Adds a prompt, and tells clients.
   *
   * @throws McpDefinitionError when the name is taken, or it cannot work
   * @throws SchemaDefinitionError, GrantDefinitionError
   */
  async addPrompt<Source extends SchemaSource = undefined>(
    options: AddPromptOptions<Source>,
  ): Promise<McpRegistration> {
    const { prompts } = this.server.catalog;
    return this.register(prompts, await this.entries.createPrompt(options));
  }

  /**
   * Tells the clients that subscribed to a resource, here and at other replicas,
   * that it has changed. They read it again, if they want to.
   */
  resourceUpdated(uri: string): void {
    this.server.changes.publish({ type: 'resource_updated', uri });
  }

  private async register<Entry extends McpEntry>(
    registry: EntryRegistry<Entry>,
    entry: Entry,
  ): Promise<McpRegistration> {
    const { server } = this;
    await server.ensureServed();
    registry.add(entry);
    const withdrawScopes = server.resource.support(entry.scopes);
    return new McpRegistration(entry.key, () => {
      registry.remove(entry);
      withdrawScopes();
    });
  }
}
