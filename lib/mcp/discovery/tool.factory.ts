import type { Tool as ToolDocument } from '@modelcontextprotocol/sdk/types.js';
import { checkGrantDefinition } from '../../delegation/grant-definition.check.js';
import { InvalidScopeError } from '../../oauth/errors/invalid-scope.error.js';
import { scopesOf as requiredScopesOf } from '../../guards/decorators/require-scopes.decorator.js';
import { toScopeList } from '../../oauth/scopes.js';
import {
  defineParameter,
  parameterTypesOf,
} from '../../parameters/injected-parameter.js';
import { toolNameOf } from '../catalog/tool-name.js';
import type { Tool } from '../catalog/tool.interface.js';
import {
  hasInputParameter,
  inputParameters,
  undeclaredParameters,
} from '../decorators/mcp-parameter.js';
import type { McpHandlerArguments } from '../invocation/mcp-execution-context.js';
import { findHostProblem } from '../invocation/tool-host.js';
import type { ToolInvokerFactory } from '../invocation/tool-invoker.factory.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import {
  INVALID_SCOPE,
  INVALID_TIMEOUT,
  UNKNOWN_INPUT_TYPE,
  UNKNOWN_PARAMETER,
} from '../mcp.messages.js';
import { createInputSchema } from '../schema/input-schema.factory.js';
import { createOutputSchema } from '../schema/output-schema.factory.js';
import type { SchemaSource } from '../schema/schema-source.interface.js';
import type { DiscoveredTool } from './mcp.explorer.js';

/** What a tool is checked against. */
export interface ToolFactoryOptions {
  /** Whether the application can exchange tokens at all. */
  readonly hasCredential: boolean;
}

/** Turns declarations into tools, and refuses those that cannot work. */
export class ToolFactory {
  constructor(
    private readonly invokers: ToolInvokerFactory,
    private readonly options: ToolFactoryOptions,
  ) {}

  /** @throws McpDefinitionError, SchemaDefinitionError */
  async create(discovered: DiscoveredTool): Promise<Tool> {
    const { options, place, method, wrapper, callback } = discovered;
    this.check(discovered);
    const input = await createInputSchema(inputSourceOf(discovered), {
      owner: place,
    });
    const output =
      options.output &&
      (await createOutputSchema(options.output, { owner: place }));
    ensureValidation(discovered);
    const scopes = scopesOf(discovered);
    const name = toolNameOf(options.name, method, place);
    return {
      name,
      place,
      document: describe(discovered, name, scopes, {
        inputSchema: input.jsonSchema,
        outputSchema: output?.jsonSchema,
      }),
      scopes,
      timeout: options.timeout,
      input,
      output,
      invoke: this.invokers.create(wrapper, callback, method),
    };
  }

  private check(discovered: DiscoveredTool): void {
    const { prototype, method, place, wrapper, options } = discovered;
    const [undeclared] = undeclaredParameters(prototype, method);
    if (undeclared !== undefined) {
      throw new McpDefinitionError(UNKNOWN_PARAMETER(place, undeclared));
    }
    const problem = findHostProblem(wrapper, prototype, method, place);
    if (problem) throw new McpDefinitionError(problem);
    if (!isTimeout(options.timeout)) {
      throw new McpDefinitionError(INVALID_TIMEOUT(place));
    }
    checkGrantDefinition(discovered, this.options.hasCredential);
  }
}

/** The schema of the input: as given, else the type of its parameter. */
function inputSourceOf(discovered: DiscoveredTool): SchemaSource {
  const { options, prototype, method, place } = discovered;
  if (options.input) return options.input;
  if (!hasInputParameter(prototype.constructor, method)) return undefined;
  // Without one, there are only properties, and their types do not tell enough.
  const [index = -1] = inputParameters(prototype.constructor, method);
  const type = parameterTypesOf(prototype, method)[index];
  if (typeof type !== 'function' || BUILT_IN_TYPES.has(type)) {
    throw new McpDefinitionError(UNKNOWN_INPUT_TYPE(place));
  }
  return type as SchemaSource;
}

const BUILT_IN_TYPES = new Set<unknown>([
  Object,
  String,
  Number,
  Boolean,
  Array,
  Function,
  Promise,
]);

/** Of the tool itself, and of `@RequireScopes()` on its method and class. */
function scopesOf(discovered: DiscoveredTool): readonly string[] {
  const { options, place, callback, prototype } = discovered;
  const required = [callback, prototype.constructor].flatMap(
    (subject) => requiredScopesOf(subject) ?? [],
  );
  try {
    return [...new Set([...toScopeList(options.scopes), ...required])];
  } catch (error) {
    if (!(error instanceof InvalidScopeError)) throw error;
    throw new McpDefinitionError(INVALID_SCOPE(place, error.message), {
      cause: error,
    });
  }
}

function isTimeout(value: number | undefined): boolean {
  return value === undefined || value >= 0;
}

/**
 * A tool without an input parameter must still refuse what it does not accept,
 * so one is declared behind its last, and ignored.
 */
function ensureValidation({ prototype, method }: DiscoveredTool): void {
  if (hasInputParameter(prototype.constructor, method)) return;
  defineParameter(
    prototype,
    method,
    parameterTypesOf(prototype, method).length,
    'validation',
    async (_data, context) => {
      const [, , call] = context.getArgs<McpHandlerArguments>();
      await call.input();
    },
  );
}

function describe(
  { options }: DiscoveredTool,
  name: string,
  scopes: readonly string[],
  schemas: { inputSchema: object; outputSchema: object | undefined },
): ToolDocument {
  const { title, description, annotations } = options;
  const document = {
    name,
    ...(title && { title }),
    ...(description && { description }),
    inputSchema: schemas.inputSchema,
    ...(schemas.outputSchema && { outputSchema: schemas.outputSchema }),
    ...(annotations && { annotations }),
    // Tells clients what to ask for before they call.
    ...(scopes.length > 0 && {
      _meta: { securitySchemes: [{ type: 'oauth2', scopes }] },
    }),
  };
  return Object.freeze(document) as unknown as ToolDocument;
}
