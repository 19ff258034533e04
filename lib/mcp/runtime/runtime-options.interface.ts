import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AccessContext } from '../../delegation/access-context.js';
import type { GrantResources } from '../../delegation/grant.interface.js';
import type { McpContext } from '../context/mcp-context.js';
import type { CompletionQuery } from '../decorators/mcp-completion.decorator.js';
import type { McpPromptOptions } from '../decorators/mcp-prompt-options.interface.js';
import type { McpResourceOptions } from '../decorators/mcp-resource-options.interface.js';
import type { McpToolOptions } from '../decorators/mcp-tool-options.interface.js';
import type { SchemaSource } from '../schema/schema-source.interface.js';

/** What a handler receives that was declared with such a schema. */
export type InputOf<Source extends SchemaSource> =
  Source extends StandardSchemaV1<any, infer Output>
    ? Output
    : Source extends new (...args: any[]) => infer Instance
      ? Instance
      : Record<string, any>;

/**
 * Answers the calls of an entry that is added at run time. What it returns and
 * throws means what it means in a decorated method.
 *
 * @publicApi
 */
export type McpRuntimeHandler<Input> = (
  input: Input,
  context: McpContext,
  access: AccessContext,
) => unknown;

/**
 * What takes the place of a method and its decorators.
 *
 * @publicApi
 */
export interface McpRuntimeOptions {
  /** 1 to 64 letters, digits, `_`, `-` and `.`. */
  name: string;
  /** APIs that the handler calls for its caller: what `@Grant()` takes. */
  grants?: GrantResources;
  /**
   * What else would stand on the method, in that order, such as `Roles('admin')`
   * for a guard of the application or `Grant(resource, options)`. Guards,
   * interceptors, pipes and filters must be instances. Guards, and what they
   * read, also stand before `complete` and `list`; the rest does not.
   */
  decorators?: readonly MethodDecorator[];
}

/**
 * A tool that is added at run time.
 *
 * @publicApi
 */
export interface AddToolOptions<Source extends SchemaSource = SchemaSource>
  extends Omit<McpToolOptions, 'name' | 'input'>, McpRuntimeOptions {
  /** @default no input */
  input?: Source;
  handler: McpRuntimeHandler<InputOf<Source>>;
}

/**
 * A prompt that is added at run time.
 *
 * @publicApi
 */
export interface AddPromptOptions<Source extends SchemaSource = SchemaSource>
  extends Omit<McpPromptOptions, 'name' | 'input'>, McpRuntimeOptions {
  /** @default no arguments */
  input?: Source;
  handler: McpRuntimeHandler<InputOf<Source>>;
  complete?: McpRuntimeCompleters;
}

/**
 * A resource, or a template of many, that is added at run time.
 *
 * @publicApi
 */
export interface AddResourceOptions<Source extends SchemaSource = SchemaSource>
  extends Omit<McpResourceOptions, 'name' | 'input'>, McpRuntimeOptions {
  /** @default the variables of the template, each a string */
  input?: Source;
  handler: McpRuntimeHandler<InputOf<Source>>;
  complete?: McpRuntimeCompleters;
  /** Tells which resources a template has, as `@McpResourceList()` does. */
  list?: (context: McpContext) => unknown;
}

/** Suggest values for arguments or variables, as `@McpCompletion()` does. */
export type McpRuntimeCompleters = Readonly<
  Record<
    string,
    (
      query: CompletionQuery,
      context: McpContext,
    ) => readonly string[] | Promise<readonly string[]>
  >
>;
