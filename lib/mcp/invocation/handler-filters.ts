import { EXCEPTION_FILTERS_METADATA } from '@nestjs/common/constants.js';
import {
  ModulesContainer,
  type ContextIdFactory,
  type ModuleRef,
  type NestContainer,
} from '@nestjs/core';
import { ExternalExceptionFilterContext } from '@nestjs/core/exceptions/external-exception-filter-context.js';
import type { RouterProxyCallback } from '@nestjs/core/router/router-proxy.js';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { MCP_CONTEXT_TYPE } from './mcp-execution-context.js';
import type { ProviderWrapper } from './handler-host.js';

type Handler = (...args: unknown[]) => unknown;

/** What the filters of one handler belong to. */
export interface FilterHost {
  readonly wrapper: ProviderWrapper;
  readonly instance: object;
  readonly callback: Handler;
  readonly contextId?: ReturnType<typeof ContextIdFactory.create>;
}

/**
 * The exception filters a handler has of its own. Global filters are written for
 * HTTP: they would answer through a response that is not there, and hide the
 * error behind one of their own. Nest runs both kinds or none.
 */
export class HandlerFilters {
  private readonly creator: ExternalExceptionFilterContext;

  constructor(moduleRef: ModuleRef) {
    const modules = moduleRef.get(ModulesContainer, { strict: false });
    // Without the application's configuration it knows no global filters.
    this.creator = new ExternalExceptionFilterContext({
      getModules: () => modules,
    } as NestContainer);
  }

  /** Puts the filters around an invocation. */
  wrap<Args extends unknown[]>(
    invoke: (...args: Args) => Promise<unknown>,
    { wrapper, instance, callback, contextId }: FilterHost,
  ): (...args: Args) => Promise<unknown> {
    const hasFilters = [callback, instance.constructor].some((subject) =>
      Reflect.hasMetadata(EXCEPTION_FILTERS_METADATA, subject),
    );
    if (!hasFilters) return invoke;
    const filters = this.creator.create(
      instance,
      callback as RouterProxyCallback,
      wrapper.host!.token,
      contextId,
      wrapper.id,
    );
    return async (...args) => {
      try {
        return await invoke(...args);
      } catch (error) {
        const host = new ExecutionContextHost(args);
        host.setType(MCP_CONTEXT_TYPE);
        const answer: unknown = await filters.invokeCustomFilters(error, host);
        // No filter was meant for it, or the one that was did not answer.
        if (answer === undefined) throw error;
        return answer;
      }
    };
  }
}
