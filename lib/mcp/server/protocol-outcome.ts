import type { LoggerService } from '@nestjs/common';
import { ConsentRequiredError } from '../../delegation/consent/consent-required.error.js';
import type { McpCall } from '../catalog/entry.interface.js';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import { consentError } from '../results/consent-answer.js';
import { toProtocolError } from '../results/protocol-error.mapper.js';
import type { HandlerOutcome } from './handler.runner.js';

/**
 * The outcome of what has no result to tell of failures, as a tool has:
 * resources, prompts and completions answer with JSON-RPC errors.
 */
export function protocolOutcome<Result>(
  call: McpCall,
  logger: LoggerService,
  toResult: (value: unknown) => Result,
): HandlerOutcome<Result> {
  return {
    toResult,
    toFailure: (error) => {
      throw error instanceof ConsentRequiredError
        ? consentError(call, error)
        : toProtocolError(call.handler.place, error, logger);
    },
    toRefusal: (message) => ({
      error: { code: JsonRpcErrorCode.InvalidRequest, message },
    }),
  };
}
