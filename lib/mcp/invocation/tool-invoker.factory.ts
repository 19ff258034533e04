import {
  EXCEPTION_FILTERS_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import {
  ContextIdFactory,
  ModuleRef,
  type DiscoveryService,
  type ExternalContextCreator,
} from '@nestjs/core';
import { REQUEST_CONTEXT_ID } from '@nestjs/core/router/request/request-constants.js';
import type { ToolCall } from '../catalog/tool.interface.js';
import {
  MCP_CONTEXT_TYPE,
  type McpContextType,
  type McpHandlerArguments,
} from './mcp-execution-context.js';
import { McpParamsFactory } from './mcp-params.factory.js';

/** A provider, as Nest's container holds it. */
export type ProviderWrapper = ReturnType<
  DiscoveryService['getProviders']
>[number];

type ContextId = ReturnType<typeof ContextIdFactory.create>;
type Handler = (...args: unknown[]) => unknown;
type Invoke = (...args: McpHandlerArguments) => Promise<unknown>;

/** Sends calls through Nest: guards, interceptors, pipes, filters, handler. */
export class ToolInvokerFactory {
  private readonly paramsFactory = new McpParamsFactory();

  constructor(
    private readonly contextCreator: ExternalContextCreator,
    private readonly moduleRef: ModuleRef,
  ) {}

  /** Whether guards bound to the class would run for this instance. */
  knowsHost(instance: object): boolean {
    return this.contextCreator.getContextModuleKey(instance.constructor) !== '';
  }

  /** Prepared once for a singleton; per call for anything that is scoped. */
  create(
    wrapper: ProviderWrapper,
    callback: Handler,
    method: string,
  ): (call: ToolCall) => Promise<unknown> {
    const isStatic = wrapper.isDependencyTreeStatic() && !wrapper.isTransient;
    if (isStatic) {
      const invoke = this.prepare(wrapper.instance, callback, method);
      return (call) => invoke(call.request, undefined, call);
    }
    return async (call) => {
      const invoke = await this.resolve(wrapper, call.request, method);
      return invoke(call.request, undefined, call);
    };
  }

  private async resolve(
    wrapper: ProviderWrapper,
    request: object,
    method: string,
  ): Promise<Invoke> {
    const contextId = this.contextIdOf(wrapper, request);
    // Every module has a ModuleRef of its own; that of the host finds the right
    // instance even where another module provides the class too.
    const host = wrapper.host!.providers.get(ModuleRef)!.instance as ModuleRef;
    const instance = await host.resolve<Record<string, Handler>>(
      wrapper.token as string,
      contextId,
      { strict: true },
    );
    return this.prepare(
      instance,
      instance[method]!,
      method,
      contextId,
      wrapper.id,
    );
  }

  /** As the router does it: one tree of instances per request, shared with its guards. */
  private contextIdOf(wrapper: ProviderWrapper, request: object): ContextId {
    const contextId = ContextIdFactory.getByRequest(request) as ContextId & {
      payload?: object;
    };
    if (!(REQUEST_CONTEXT_ID in request)) {
      Object.defineProperty(request, REQUEST_CONTEXT_ID, { value: contextId });
      this.moduleRef.registerRequestByContextId(
        wrapper.isDependencyTreeDurable()
          ? contextId.payload
          : Object.assign(request, contextId.payload),
        contextId,
      );
    }
    return contextId;
  }

  private prepare(
    instance: object,
    callback: Handler,
    method: string,
    contextId?: ContextId,
    inquirerId?: string,
  ): Invoke {
    // Global filters are written for HTTP and would answer through a response
    // that is not there, so filters run only where a tool has its own.
    const filters = [callback, instance.constructor].some((subject) =>
      Reflect.hasMetadata(EXCEPTION_FILTERS_METADATA, subject),
    );
    return this.contextCreator.create<
      Record<number, { index: number }>,
      McpContextType
    >(
      instance,
      callback,
      method,
      ROUTE_ARGS_METADATA,
      this.paramsFactory,
      contextId,
      inquirerId,
      { guards: true, interceptors: true, filters },
      MCP_CONTEXT_TYPE,
    ) as Invoke;
  }
}
