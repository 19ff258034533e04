import { HttpException, type LoggerService } from '@nestjs/common';
import { InvalidInputError } from '../invocation/invalid-input.error.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { HANDLER_FAILED, INTERNAL_ERROR } from '../mcp.messages.js';
import { readableTextOf, traceOf } from './readable-error.js';

const BAD_INPUT = [400, 422];

/**
 * What a resource, a prompt or a completion threw, as a JSON-RPC error. Errors
 * that are meant to be read keep their text; any other is logged.
 *
 * @param place class and method, for the log
 */
export function toProtocolError(
  place: string,
  error: unknown,
  logger: LoggerService,
): JsonRpcError {
  if (error instanceof JsonRpcError) return error;
  const text = readableTextOf(error);
  if (text !== undefined) return new JsonRpcError(codeOf(error), text);
  logger.error(HANDLER_FAILED(place), traceOf(error));
  return new JsonRpcError(JsonRpcErrorCode.InternalError, INTERNAL_ERROR);
}

function codeOf(error: unknown): number {
  const isBadInput =
    error instanceof InvalidInputError ||
    (error instanceof HttpException && BAD_INPUT.includes(error.getStatus()));
  return isBadInput
    ? JsonRpcErrorCode.InvalidParams
    : JsonRpcErrorCode.InternalError;
}
