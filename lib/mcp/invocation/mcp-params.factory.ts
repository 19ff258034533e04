import type { ParamsFactory } from '@nestjs/core';
import { INPUT_PARAMETER } from '../decorators/mcp-parameter.js';
import type { McpHandlerArguments } from './mcp-execution-context.js';

/** Finds the values of a handler's parameters. */
export class McpParamsFactory implements ParamsFactory {
  exchangeKeyForValue(
    type: number,
    property: unknown,
    args: McpHandlerArguments,
  ): unknown {
    if (type !== INPUT_PARAMETER) return undefined;
    const input = args[2].input();
    return typeof property === 'string'
      ? input.then((value) => readProperty(value, property))
      : input;
  }
}

function readProperty(value: unknown, property: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[property]
    : undefined;
}
