import { randomUUID } from 'node:crypto';
import {
  McpError,
  ResultSchema,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { ClientInputError } from '../input/client-input.error.js';
import type { InputRequest, InputResponse } from '../input/input-request.js';
import { UNDELIVERED } from './server-requests.js';
import { INPUT_TIMEOUT, REQUEST_TIMED_OUT } from './transport.constants.js';

/** Sends a request to the client, and waits for its answer. */
export type SendQuestion = (
  request: ServerRequest,
  resultSchema: typeof ResultSchema,
  options: { readonly timeout: number },
) => Promise<InputResponse>;

/**
 * Asks what the modern era would let a client answer in its next round.
 *
 * @throws ClientInputError when it does not answer
 */
export async function pushQuestion(
  request: InputRequest,
  send: SendQuestion,
): Promise<InputResponse> {
  const options = { timeout: INPUT_TIMEOUT };
  try {
    return await send(toServerRequest(request), ResultSchema, options);
  } catch (error) {
    throw toClientInputError(error, request.method);
  }
}

/** Pages have an id in this era. */
function toServerRequest({ method, params }: InputRequest): ServerRequest {
  const isPage = method === 'elicitation/create' && params?.['mode'] === 'url';
  const request = isPage
    ? { method, params: { elicitationId: randomUUID(), ...params } }
    : { method, params };
  return request as ServerRequest;
}

function toClientInputError(error: unknown, method: string): unknown {
  if (!(error instanceof McpError)) return error;
  if (error.data === UNDELIVERED) return ClientInputError.unreachable(method);
  const code: number = error.code;
  return code === REQUEST_TIMED_OUT
    ? ClientInputError.timedOut(method, INPUT_TIMEOUT)
    : ClientInputError.refused(method, code);
}
