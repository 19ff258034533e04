import { HttpException } from '@nestjs/common';
import { ResourceAccessError } from '../../delegation/resource-access.error.js';
import { InvalidInputError } from '../invocation/invalid-input.error.js';
import { isRecord } from './result-shape.js';

/**
 * What an error says to the caller, where it is meant to be read. Any other
 * could quote anything.
 */
export function readableTextOf(error: unknown): string | undefined {
  if (error instanceof HttpException) return detailsOf(error);
  const isReadable =
    error instanceof InvalidInputError || error instanceof ResourceAccessError;
  return isReadable ? error.message : undefined;
}

/** An object that is no error may hold anything, a request with its headers. */
export function traceOf(error: unknown): unknown {
  if (error instanceof Error) return error.stack;
  return typeof error === 'object' && error !== null
    ? Object.prototype.toString.call(error)
    : String(error);
}

/** Pipes list what is wrong beside a message that says nothing. */
function detailsOf(error: HttpException): string {
  const response = error.getResponse();
  // Whoever threw it chose what it holds, and it may not be what the type says.
  const details: unknown = isRecord(response) && response.message;
  const texts = Array.isArray(details)
    ? details.filter((detail) => typeof detail === 'string')
    : [];
  return texts.length > 0 ? texts.join('; ') : error.message;
}
