import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import {
  declarationOf,
  type HandlerDeclaration,
} from '../decorators/handler-declaration.js';
import type { ProviderWrapper } from '../invocation/handler-host.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { HANDLER_IN_CONTROLLER } from '../mcp.messages.js';

/** A method that is declared as a tool, a resource, a prompt or a part of one. */
export interface DiscoveredHandler {
  readonly wrapper: ProviderWrapper;
  readonly prototype: object;
  readonly method: string;
  readonly callback: (...args: unknown[]) => unknown;
  readonly declaration: HandlerDeclaration;
  /** Class and method, for messages. */
  readonly place: string;
  /** Whether it is no method of its own, but was added while the application runs. */
  readonly isRuntime?: true;
}

/** Finds what is declared for MCP, in all providers. Only reads. */
export class McpExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws McpDefinitionError for a declaration in a controller */
  explore(): readonly DiscoveredHandler[] {
    for (const wrapper of this.discovery.getControllers()) {
      for (const { place } of this.handlersOf(wrapper)) {
        throw new McpDefinitionError(HANDLER_IN_CONTROLLER(place));
      }
    }
    const handlers = this.discovery
      .getProviders()
      .filter((wrapper) => !wrapper.isAlias)
      .flatMap((wrapper) => [...this.handlersOf(wrapper)]);
    return withoutRepeatedHosts(handlers);
  }

  private *handlersOf(wrapper: ProviderWrapper): Generator<DiscoveredHandler> {
    const prototype = prototypeOf(wrapper);
    if (!prototype) return;
    for (const method of this.scanner.getAllMethodNames(prototype)) {
      const callback = prototype[method];
      const declaration = declarationOf(callback);
      if (!declaration) continue;
      yield {
        wrapper,
        prototype,
        method,
        callback: callback as DiscoveredHandler['callback'],
        declaration,
        place: `${prototype.constructor.name}.${method}`,
      };
    }
  }
}

/**
 * A scoped class has a placeholder instance, with the right prototype. A scoped
 * factory has none: what it makes is presumably of the class it stands for.
 */
function prototypeOf({
  instance,
  token,
}: ProviderWrapper): Record<string, unknown> | undefined {
  const isMissing = instance === null || instance === undefined;
  const prototype: unknown = isMissing
    ? typeof token === 'function' && token.prototype
    : typeof instance === 'object' && Object.getPrototypeOf(instance);
  return (prototype || undefined) as Record<string, unknown> | undefined;
}

/** One class provided by two modules is one tool, not a conflict of names. */
function withoutRepeatedHosts(
  handlers: readonly DiscoveredHandler[],
): readonly DiscoveredHandler[] {
  const seen = new Map<unknown, ProviderWrapper>();
  return handlers.filter(({ callback, wrapper }) => {
    const known = seen.get(callback);
    if (!known) seen.set(callback, wrapper);
    return !known || known === wrapper || known.token !== wrapper.token;
  });
}
