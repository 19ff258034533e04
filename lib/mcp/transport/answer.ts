import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { encodedFormOf } from '../results/encode-once.js';
import type { EncodedMessage } from './encoded-message.js';
import type { RefusalError } from './refusal.js';
import type { RequestId } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** The final answer to a request. */
export type Answer =
  { readonly result: unknown } | { readonly error: RefusalError };

/** The answer to everything that must not be told. */
export const INTERNAL_ERROR: Answer = {
  error: {
    code: JsonRpcErrorCode.InternalError,
    message: TransportMessages.internalError,
  },
};

/** An answer that is an error on purpose; `undefined` for any other exception. */
export function answerOfError(error: unknown): Answer | undefined {
  if (!(error instanceof JsonRpcError)) return undefined;
  const { code, message, data } = error;
  return { error: { code, message, data } };
}

/**
 * Writes an answer as JSON. The result is written on its own so that one
 * without a JSON form is noticed instead of silently left out.
 *
 * @throws TypeError when it has no JSON form
 */
export function encodeAnswer(id: RequestId, answer: Answer): EncodedMessage {
  const member = 'error' in answer ? 'error' : 'result';
  const value = 'error' in answer ? answer.error : (answer.result ?? {});
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"${member}":`;
  const bytes = encodedFormOf(value);
  if (bytes) return { head, bytes, tail: '}' };
  // Functions and symbols have no JSON form, which the type leaves out.
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('not a JSON value');
  return `${head}${text}}`;
}
