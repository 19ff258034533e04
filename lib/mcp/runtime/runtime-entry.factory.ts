import type { Prompt } from '../catalog/prompt.interface.js';
import type {
  Resource,
  ResourceTemplate,
} from '../catalog/resource.interface.js';
import type { Tool } from '../catalog/tool.interface.js';
import type { HandlerDeclaration } from '../decorators/handler-declaration.js';
import type { PromptFactory } from '../discovery/prompt.factory.js';
import { ResourceFactory } from '../discovery/resource.factory.js';
import type { ToolFactory } from '../discovery/tool.factory.js';
import { scanParameterHeaders } from '../modern/parameter-header.scanner.js';
import type {
  RuntimeDeclaration,
  RuntimeHandlerFactory,
} from './runtime-handler.factory.js';
import type {
  AddPromptOptions,
  AddResourceOptions,
  AddToolOptions,
  McpRuntimeHandler,
  McpRuntimeOptions,
} from './runtime-options.interface.js';

/** Options of any entry that is added at run time. */
type RuntimeEntry = McpRuntimeOptions & {
  readonly handler: McpRuntimeHandler<any>;
};

/** Makes entries of options, by what makes them of decorated methods. */
export class RuntimeEntryFactory {
  constructor(
    private readonly handlers: RuntimeHandlerFactory,
    private readonly tools: ToolFactory,
    private readonly resources: ResourceFactory,
    private readonly prompts: PromptFactory,
  ) {}

  async createTool(options: AddToolOptions<any>): Promise<Tool> {
    const runtime = describe('addTool', { kind: 'tool', options }, options);
    const discovered = this.handlers.create(runtime);
    const tool = await this.tools.create(discovered, options);
    // What is declared wrong would fail each call, not the application's boot.
    scanParameterHeaders(tool.document.inputSchema, tool.place);
    return tool;
  }

  async createResource(
    options: AddResourceOptions<any>,
  ): Promise<Resource | ResourceTemplate> {
    const declaration = { kind: 'resource', options } as const;
    const runtime = describe('addResource', declaration, options);
    const discovered = this.handlers.create(runtime);
    const companions = this.handlers.createCompanions(runtime, options);
    return ResourceFactory.isTemplate(options)
      ? this.resources.createTemplate(discovered, options, companions)
      : this.resources.createResource(discovered, options, companions);
  }

  async createPrompt(options: AddPromptOptions<any>): Promise<Prompt> {
    const declaration = { kind: 'prompt', options } as const;
    const runtime = describe('addPrompt', declaration, options);
    const discovered = this.handlers.create(runtime);
    const companions = this.handlers.createCompanions(runtime, options);
    return this.prompts.create(discovered, options, companions);
  }
}

function describe(
  method: string,
  declaration: HandlerDeclaration,
  { name, handler, grants, decorators }: RuntimeEntry,
): RuntimeDeclaration {
  return {
    name,
    handler,
    declaration,
    place: `${method}(${JSON.stringify(name)})`,
    ...(grants !== undefined && { grants }),
    ...(decorators && { decorators }),
  };
}
