import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import type { InputIssue } from '../schema/input-schema.interface.js';
import { REQUEST_TIMED_OUT } from '../transport/transport.constants.js';
import { InputMessages } from './input.messages.js';

/** Code of an error whose data names the capabilities a client lacks. */
export const MISSING_CLIENT_CAPABILITY = -32021;

/**
 * Why a client could not be asked, or its answer is of no use.
 *
 * - `session_required`: a client of the 2025 era without a session
 * - `capability_missing`: it did not declare that it can be asked this
 * - `refused`: it answered with an error
 * - `timed_out`: it did not answer in time
 * - `unreachable`: its connection broke
 * - `invalid_answer`: it answered something else than it was asked
 * - `too_many_rounds`: the handler does not come to an end
 *
 * @publicApi
 */
export type ClientInputFailure =
  | 'session_required'
  | 'capability_missing'
  | 'refused'
  | 'timed_out'
  | 'unreachable'
  | 'invalid_answer'
  | 'too_many_rounds';

/**
 * The client could not be asked what a handler wants to know, or its answer is
 * of no use. A handler may catch it and do without; left alone, it is the
 * answer to the call. That the user declined is no error.
 *
 * @publicApi
 */
export class ClientInputError extends JsonRpcError {
  private constructor(
    readonly reason: ClientInputFailure,
    code: number,
    message: string,
    data: object = { reason },
  ) {
    super(code, message, data);
  }

  /** @internal */
  static sessionRequired(): ClientInputError {
    const code = JsonRpcErrorCode.ConnectionError;
    const message = InputMessages.sessionRequired;
    return new ClientInputError('session_required', code, message);
  }

  /** @internal */
  static missingCapabilities(requiredCapabilities: object): ClientInputError {
    return new ClientInputError(
      'capability_missing',
      MISSING_CLIENT_CAPABILITY,
      InputMessages.missingCapabilities(Object.keys(requiredCapabilities)),
      { requiredCapabilities },
    );
  }

  /** @internal */
  static refused(method: string, clientCode: number): ClientInputError {
    const code = JsonRpcErrorCode.ConnectionError;
    const message = InputMessages.refused(method, clientCode);
    return new ClientInputError('refused', code, message);
  }

  /** @internal */
  static timedOut(method: string, milliseconds: number): ClientInputError {
    const message = InputMessages.timedOut(method, milliseconds);
    return new ClientInputError('timed_out', REQUEST_TIMED_OUT, message);
  }

  /** @internal */
  static unreachable(method: string): ClientInputError {
    const code = JsonRpcErrorCode.ConnectionError;
    const message = InputMessages.unreachable(method);
    return new ClientInputError('unreachable', code, message);
  }

  /** @internal */
  static notAResult(key: string, method: string): ClientInputError {
    const code = JsonRpcErrorCode.InvalidParams;
    const message = InputMessages.notAResult(key, method);
    return new ClientInputError('invalid_answer', code, message);
  }

  /** @internal */
  static mismatch(
    key: string,
    issues: readonly InputIssue[],
  ): ClientInputError {
    const reason = 'invalid_answer';
    return new ClientInputError(
      reason,
      JsonRpcErrorCode.InvalidParams,
      InputMessages.mismatch(key, issues),
      { reason, key, issues },
    );
  }

  /** @internal */
  static tooManyRounds(rounds: number): ClientInputError {
    const code = JsonRpcErrorCode.InternalError;
    const message = InputMessages.tooManyRounds(rounds);
    return new ClientInputError('too_many_rounds', code, message);
  }
}
