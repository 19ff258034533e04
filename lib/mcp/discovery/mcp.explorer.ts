import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import {
  toolOptionsOf,
  type McpToolOptions,
} from '../decorators/mcp-tool.decorator.js';
import type { ProviderWrapper } from '../invocation/tool-host.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { TOOL_IN_CONTROLLER } from '../mcp.messages.js';

/** A method that is declared as a tool. */
export interface DiscoveredTool {
  readonly wrapper: ProviderWrapper;
  readonly prototype: object;
  readonly method: string;
  readonly callback: (...args: unknown[]) => unknown;
  readonly options: McpToolOptions;
  /** Class and method, for messages. */
  readonly place: string;
}

/** Finds what is declared as a tool, in all providers. Only reads. */
export class McpExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws McpDefinitionError for a tool in a controller */
  explore(): readonly DiscoveredTool[] {
    for (const wrapper of this.discovery.getControllers()) {
      for (const { place } of this.toolsOf(wrapper)) {
        throw new McpDefinitionError(TOOL_IN_CONTROLLER(place));
      }
    }
    const tools = this.discovery
      .getProviders()
      .filter((wrapper) => !wrapper.isAlias)
      .flatMap((wrapper) => [...this.toolsOf(wrapper)]);
    return withoutRepeatedHosts(tools);
  }

  private *toolsOf(wrapper: ProviderWrapper): Generator<DiscoveredTool> {
    const prototype = prototypeOf(wrapper);
    if (!prototype) return;
    for (const method of this.scanner.getAllMethodNames(prototype)) {
      const callback = prototype[method];
      const options = toolOptionsOf(callback);
      if (!options) continue;
      const place = `${prototype.constructor.name}.${method}`;
      yield {
        wrapper,
        prototype,
        method,
        callback: callback as DiscoveredTool['callback'],
        options,
        place,
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
  tools: readonly DiscoveredTool[],
): readonly DiscoveredTool[] {
  const seen = new Map<unknown, ProviderWrapper>();
  return tools.filter(({ callback, wrapper }) => {
    const known = seen.get(callback);
    if (!known) seen.set(callback, wrapper);
    return !known || known === wrapper || known.token !== wrapper.token;
  });
}
