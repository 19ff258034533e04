import type { ExecutionContext } from '@nestjs/common';
import { ENTRY_PROVIDER_WATERMARK } from '@nestjs/common/constants.js';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AccessContext } from '../../delegation/access-context.js';
import { accessOfContext } from '../../delegation/request-delegation.js';
import {
  createParameterDecorator,
  INJECTED_PARAMETER,
} from '../../parameters/injected-parameter.js';
import { McpContext } from '../context/mcp-context.js';
import { McpInput } from '../decorators/mcp-input.decorator.js';
import type {
  McpContextType,
  McpHandlerArguments,
} from '../invocation/mcp-execution-context.js';

const RuntimeContext = (): ParameterDecorator =>
  createParameterDecorator(McpContext.name, McpContext[INJECTED_PARAMETER]);

const RuntimeAccess = (): ParameterDecorator =>
  createParameterDecorator(AccessContext.name, (_data, context) =>
    accessOfContext(ofCalledHandler(context)),
  );

/**
 * The provider that Nest takes for the host of what is added at run time: global
 * guards, interceptors and pipes of every scope apply to it. Its one method
 * lends its parameters; the handler runs in its place.
 */
export class RuntimeHandlerHost {
  handle(
    @McpInput() _input: unknown,
    @RuntimeContext() _context: McpContext,
    @RuntimeAccess() _access: AccessContext,
  ): void {}
}

// Without this mark, request-scoped global guards would be skipped.
Reflect.defineMetadata(ENTRY_PROVIDER_WATERMARK, true, RuntimeHandlerHost);

/** Nest shows parameters the method of the host, which declares no grants. */
function ofCalledHandler(context: ExecutionContext): ExecutionContext {
  const [, , call] = context.getArgs<McpHandlerArguments>();
  const { callback } = call.handler;
  const shown = new ExecutionContextHost(
    context.getArgs(),
    context.getClass(),
    callback,
  );
  shown.setType(context.getType<McpContextType>());
  return shown;
}
