import {
  EXCEPTION_FILTERS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
} from '@nestjs/common/constants.js';
import type { DiscoveryService } from '@nestjs/core';
import { Grant, GRANT_METADATA } from '../../delegation/grant.decorator.js';
import type { CompletionQuery } from '../decorators/mcp-completion.decorator.js';
import type { HandlerDeclaration } from '../decorators/handler-declaration.js';
import type { DiscoveredHandler } from '../discovery/mcp.explorer.js';
import {
  enhancersByClass,
  type ProviderWrapper,
} from '../invocation/handler-host.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { ENHANCER_BY_CLASS } from '../mcp.messages.js';
import { RuntimeHandlerHost } from './runtime-handler.host.js';
import type {
  AddResourceOptions,
  McpRuntimeCompleters,
  McpRuntimeHandler,
  McpRuntimeOptions,
} from './runtime-options.interface.js';

const METHOD = 'handle' satisfies keyof RuntimeHandlerHost;

type Callback = DiscoveredHandler['callback'];

/** What an entry is made of, besides its options. */
export interface RuntimeDeclaration extends McpRuntimeOptions {
  readonly declaration: HandlerDeclaration;
  readonly handler: McpRuntimeHandler<any>;
  /** For messages. */
  readonly place: string;
}

/** Makes functions look like methods that were discovered. */
export class RuntimeHandlerFactory {
  private wrapper: ProviderWrapper | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws McpDefinitionError, ExchangeInputError */
  create(runtime: RuntimeDeclaration): DiscoveredHandler {
    const { declaration, place } = runtime;
    const callback = decorate(runtime);
    const skipped = enhancersByClass([callback]).map(({ name }) => name);
    if (skipped.length > 0) {
      throw new McpDefinitionError(ENHANCER_BY_CLASS(place, skipped));
    }
    return {
      wrapper: this.host,
      prototype: RuntimeHandlerHost.prototype,
      method: METHOD,
      callback,
      declaration,
      place,
      isRuntime: true,
    };
  }

  /**
   * What completes arguments, and lists the resources of a template. Whoever is
   * kept from the entry is kept from these: they have no decorators of their own.
   */
  createCompanions(
    { name, place, decorators = [] }: RuntimeDeclaration,
    { complete = {}, list }: CompanionOptions,
  ): readonly DiscoveredHandler[] {
    const guarding = { decorators: [onlyGuards, ...decorators] };
    const completers = Object.entries(complete).map(([argument, suggest]) =>
      this.create({
        ...guarding,
        name,
        place: `${place}.complete`,
        declaration: { kind: 'completion', target: METHOD, argument },
        handler: (query: CompletionQuery, context) => suggest(query, context),
      }),
    );
    if (!list) return completers;
    const lister = this.create({
      ...guarding,
      name,
      place: `${place}.list`,
      declaration: { kind: 'resource_list', target: METHOD },
      handler: (_input, context) => list(context),
    });
    return [...completers, lister];
  }

  private get host(): ProviderWrapper {
    this.wrapper ??= this.discovery
      .getProviders()
      .find(({ token }) => token === RuntimeHandlerHost);
    return this.wrapper!;
  }
}

interface CompanionOptions {
  readonly complete?: McpRuntimeCompleters | undefined;
  readonly list?: AddResourceOptions['list'] | undefined;
}

/** A function of its own for each entry: it carries the metadata that guards read. */
function decorate({
  name,
  handler,
  grants,
  decorators = [],
}: RuntimeDeclaration): Callback {
  const value: Callback = (input, context, access) =>
    handler(input, context as never, access as never);
  Object.defineProperty(value, 'name', { value: name });
  let descriptor: PropertyDescriptor = { value };
  const all =
    grants === undefined ? decorators : [...decorators, Grant(grants)];
  // The decorator nearest to a method runs first.
  for (const apply of all.toReversed()) {
    descriptor =
      apply<Callback>(RuntimeHandlerHost.prototype, METHOD, descriptor) ??
      descriptor;
  }
  return descriptor.value as Callback;
}

/** What is meant for the input and the result of the entry itself. */
const OF_THE_ENTRY = [
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
  EXCEPTION_FILTERS_METADATA,
  GRANT_METADATA,
];

/** Leaves guards, and what guards read. Stands before others, so it runs last. */
const onlyGuards: MethodDecorator = (_target, _method, { value }) => {
  for (const key of OF_THE_ENTRY) {
    Reflect.deleteMetadata(key, value as Callback);
  }
};
