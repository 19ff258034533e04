import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { HttpException, type LoggerService } from '@nestjs/common';
import { ResourceAccessError } from '../../delegation/resource-access.error.js';
import { InvalidInputError } from '../invocation/invalid-input.error.js';
import { JsonRpcError } from '../json-rpc.error.js';
import { INTERNAL_TOOL_ERROR, TOOL_FAILED } from '../mcp.messages.js';
import { readableError } from '../readable-error.js';
import { toolError } from './tool-result.mapper.js';

/**
 * What a tool threw, as a tool error. Errors that are meant to be read keep
 * their text; any other could quote anything, so it is logged, and the caller
 * learns only that the tool failed.
 *
 * @throws JsonRpcError as it is: the tool asked for a protocol error
 */
export function toToolError(
  name: string,
  thrown: unknown,
  logger: LoggerService,
): CallToolResult {
  const error = readableError(thrown);
  if (error instanceof JsonRpcError) throw error;
  if (error instanceof HttpException) return toolError(detailsOf(error));
  if (isReadable(error)) return toolError(error.message);
  logger.error(TOOL_FAILED(name), traceOf(error));
  return toolError(INTERNAL_TOOL_ERROR(name));
}

function isReadable(error: unknown): error is Error {
  return (
    error instanceof InvalidInputError || error instanceof ResourceAccessError
  );
}

/** Pipes list what is wrong beside a message that says nothing. */
function detailsOf(error: HttpException): string {
  const response = error.getResponse();
  const details: unknown =
    typeof response === 'object' && 'message' in response && response.message;
  return Array.isArray(details) && details.length > 0
    ? details.join('; ')
    : error.message;
}

/** An object that is no error may hold anything, a request with its headers. */
function traceOf(error: unknown): unknown {
  if (error instanceof Error) return error.stack;
  return typeof error === 'object' && error !== null
    ? Object.prototype.toString.call(error)
    : String(error);
}
