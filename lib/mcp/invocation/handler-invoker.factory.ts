import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import {
  ContextIdFactory,
  ModuleRef,
  type ExternalContextCreator,
} from '@nestjs/core';
import { REQUEST_CONTEXT_ID } from '@nestjs/core/router/request/request-constants.js';
import type { McpCall } from '../catalog/entry.interface.js';
import {
  MCP_CONTEXT_TYPE,
  type McpContextType,
  type McpHandlerArguments,
} from './mcp-execution-context.js';
import { McpParamsFactory } from './mcp-params.factory.js';
import { HandlerFilters, type FilterHost } from './handler-filters.js';
import type { ProviderWrapper } from './handler-host.js';

type ContextId = ReturnType<typeof ContextIdFactory.create>;
type Handler = (...args: unknown[]) => unknown;
type Invoke = (...args: McpHandlerArguments) => Promise<unknown>;

/** Sends calls through Nest: guards, interceptors, pipes, filters, handler. */
export class HandlerInvokerFactory {
  private readonly paramsFactory = new McpParamsFactory();
  private readonly filters: HandlerFilters;

  constructor(
    private readonly contextCreator: ExternalContextCreator,
    private readonly moduleRef: ModuleRef,
  ) {
    this.filters = new HandlerFilters(moduleRef);
  }

  /** Prepared once for a singleton; per call for anything that is scoped. */
  create(
    wrapper: ProviderWrapper,
    callback: Handler,
    method: string,
  ): (call: McpCall) => Promise<unknown> {
    const isStatic = wrapper.isDependencyTreeStatic() && !wrapper.isTransient;
    if (isStatic) {
      const { instance } = wrapper;
      const invoke = this.prepare({ wrapper, instance, callback }, method);
      return (call) => invoke(call.request, undefined, call);
    }
    return async (call) => {
      const { request } = call;
      const invoke = await this.resolve(wrapper, request, callback, method);
      return invoke(call.request, undefined, call);
    };
  }

  private async resolve(
    wrapper: ProviderWrapper,
    request: object,
    callback: Handler,
    method: string,
  ): Promise<Invoke> {
    const contextId = this.contextIdOf(wrapper, request);
    // Every module has a ModuleRef of its own; that of the host finds the right
    // instance even where another module provides the class too.
    const host = wrapper.host!.providers.get(ModuleRef)!.instance as ModuleRef;
    const instance = await host.resolve<object>(
      wrapper.token as string,
      contextId,
      { strict: true },
    );
    return this.prepare(
      { wrapper, instance, callback, contextId },
      method,
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
    host: FilterHost,
    method: string,
    inquirerId?: string,
  ): Invoke {
    const invoke = this.contextCreator.create<
      Record<number, { index: number }>,
      McpContextType
    >(
      host.instance,
      host.callback,
      method,
      ROUTE_ARGS_METADATA,
      this.paramsFactory,
      host.contextId,
      inquirerId,
      { guards: true, interceptors: true, filters: false },
      MCP_CONTEXT_TYPE,
    ) as Invoke;
    return this.filters.wrap(invoke, host);
  }
}
