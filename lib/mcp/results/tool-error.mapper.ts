import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { LoggerService } from '@nestjs/common';
import { JsonRpcError } from '../json-rpc.error.js';
import { INTERNAL_TOOL_ERROR, TOOL_FAILED } from '../mcp.messages.js';
import { readableTextOf, traceOf } from './readable-error.js';
import { toolError } from './tool-result.mapper.js';

/**
 * What a tool threw, as a tool error. Errors that are meant to be read keep
 * their text; any other is logged, and the caller learns only that the tool
 * failed.
 *
 * @throws JsonRpcError as it is: the tool asked for a protocol error
 */
export function toToolError(
  name: string,
  error: unknown,
  logger: LoggerService,
): CallToolResult {
  if (error instanceof JsonRpcError) throw error;
  const text = readableTextOf(error);
  if (text !== undefined) return toolError(text);
  logger.error(TOOL_FAILED(name), traceOf(error));
  return toolError(INTERNAL_TOOL_ERROR(name));
}
