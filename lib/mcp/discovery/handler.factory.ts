import { checkGrantDefinition } from '../../delegation/grant-definition.check.js';
import {
  defineParameter,
  parameterTypesOf,
} from '../../parameters/injected-parameter.js';
import type { McpHandler } from '../catalog/entry.interface.js';
import {
  hasInputParameter,
  undeclaredParameters,
} from '../decorators/mcp-parameter.js';
import { findHostProblem } from '../invocation/handler-host.js';
import type { HandlerInvokerFactory } from '../invocation/handler-invoker.factory.js';
import type { McpHandlerArguments } from '../invocation/mcp-execution-context.js';
import { McpDefinitionError } from '../mcp-definition.error.js';
import { UNKNOWN_PARAMETER } from '../mcp.messages.js';
import type { InputSchema } from '../schema/input-schema.interface.js';
import type { DiscoveredHandler } from './mcp.explorer.js';

/** What a handler is checked against. */
export interface HandlerFactoryOptions {
  /** Whether the application can exchange tokens at all. */
  readonly hasCredential: boolean;
}

/** Makes declared methods callable, and refuses those that cannot work. */
export class HandlerFactory {
  constructor(
    private readonly invokers: HandlerInvokerFactory,
    private readonly options: HandlerFactoryOptions,
  ) {}

  /** @throws McpDefinitionError, GrantDefinitionError */
  create(discovered: DiscoveredHandler, input: InputSchema): McpHandler {
    this.check(discovered);
    ensureValidation(discovered);
    const { place, callback } = discovered;
    return { place, callback, input, invoke: this.invokerOf(discovered) };
  }

  private invokerOf({
    wrapper,
    callback,
    method,
    isRuntime,
  }: DiscoveredHandler): McpHandler['invoke'] {
    const create = () => this.invokers.create(wrapper, callback, method);
    if (!isRuntime) return create();
    // By its first call, all global guards are there. When it is added, the
    // application may still be under construction.
    let invoke: McpHandler['invoke'] | undefined;
    return (call) => {
      invoke ??= create();
      return invoke(call);
    };
  }

  private check(discovered: DiscoveredHandler): void {
    const { prototype, method, place } = discovered;
    const [undeclared] = undeclaredParameters(prototype, method);
    if (undeclared !== undefined) {
      throw new McpDefinitionError(UNKNOWN_PARAMETER(place, undeclared));
    }
    const problem = findHostProblem(discovered);
    if (problem) throw new McpDefinitionError(problem);
    checkGrantDefinition(discovered, this.options.hasCredential);
  }
}

/**
 * A handler without an input parameter must still refuse what it does not
 * accept, so one is declared behind its last, and ignored.
 */
function ensureValidation({ prototype, method }: DiscoveredHandler): void {
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
