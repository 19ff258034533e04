import { JsonRpcError } from '../json-rpc.error.js';
import { isPromiseLike } from '../promise-like.js';
import { readableError } from '../readable-error.js';
import type { Answer } from '../transport/answer.js';
import { CallAbortedError } from '../transport/call-aborted.error.js';
import { CallRefusalError } from '../transport/call-refusal.error.js';
import { isObject } from '../transport/message-classifier.js';
import { REQUEST_TIMED_OUT } from '../transport/transport.constants.js';
import type {
  McpRequest,
  MethodDispatcher,
  TransportLogger,
} from '../transport/transport.interfaces.js';
import {
  TransportLogMessages,
  TransportMessages,
} from '../transport/transport.messages.js';
import { AnsweredError } from './answered.error.js';
import type { CallingExchange } from './calling-exchange.interface.js';
import { withDeadline } from './deadline.js';
import { InputRequiredError } from '../input/input-required.error.js';
import type { InputRounds } from './input-rounds.js';
import {
  ModernCallContext,
  type ModernCallOrigin,
} from './modern-call-context.js';
import { URL_ELICITATION_REQUIRED } from './modern.constants.js';
import { ModernLogMessages } from './modern.messages.js';
import { internalError, isWritable } from './writable.js';

/** A result as the protocol has it. */
type Result = Record<string, unknown>;

/** What the runner works with. */
export interface ModernCallRunnerOptions {
  readonly dispatcher: MethodDispatcher;
  readonly rounds: InputRounds;
  readonly logging: boolean;
  readonly logger: TransportLogger;
}

/** Answers whatever the dispatcher handles, in terms of the modern era. */
export class ModernCallRunner {
  constructor(private readonly options: ModernCallRunnerOptions) {}

  /** @throws JsonRpcError, or AnsweredError when nobody waits for a result */
  async run(
    message: McpRequest,
    exchange: CallingExchange,
    notify: ModernCallOrigin['notify'],
  ): Promise<Result> {
    let context: ModernCallContext | undefined;
    try {
      context = await this.createContext(message, exchange, notify);
      return toResult(await this.dispatch(message, exchange, context));
    } catch (error) {
      return this.recover(readableError(error), message, exchange, context);
    }
  }

  private async createContext(
    message: McpRequest,
    { caller, request }: CallingExchange,
    notify: ModernCallOrigin['notify'],
  ): Promise<ModernCallContext> {
    const { rounds, logging } = this.options;
    const memory = await rounds.read(message, caller.identity);
    const origin = { caller, request, memory, logging, notify };
    return new ModernCallContext(message, origin);
  }

  private async dispatch(
    message: McpRequest,
    exchange: CallingExchange,
    context: ModernCallContext,
  ): Promise<unknown> {
    const { dispatcher } = this.options;
    // The client may have left while its state was opened.
    if (!exchange.isOpen) throw new AnsweredError();
    exchange.whenAborted((reason) => context.abort(reason));
    try {
      const outcome = dispatcher.dispatch(message, context);
      if (!isPromiseLike(outcome)) return outcome;
      const milliseconds = dispatcher.timeoutOf(message);
      return await withDeadline(outcome, milliseconds, () => {
        const text = TransportMessages.requestTimedOut;
        context.abort(new CallAbortedError(text, 'TimeoutError'));
        return timeoutResult(message.method, milliseconds);
      });
    } finally {
      context.end();
    }
  }

  private async recover(
    error: unknown,
    message: McpRequest,
    exchange: CallingExchange,
    context: ModernCallContext | undefined,
  ): Promise<Result> {
    // A handler that was told to stop may fail as it likes.
    if (!exchange.isOpen) throw new AnsweredError();
    if (error instanceof CallRefusalError) {
      if (exchange.refuse(error.write)) throw new AnsweredError();
      return resultOf(error.fallback);
    }
    if (!context || !(error instanceof InputRequiredError)) {
      throw this.toProtocolError(error, message.method);
    }
    const { requirement } = error;
    const { identity } = exchange.caller;
    try {
      const memory = context.planRound(requirement);
      const { rounds } = this.options;
      return await rounds.ask(requirement, memory, message, identity);
    } catch (cause) {
      throw this.toProtocolError(cause, message.method);
    }
  }

  /** What the client may know of an exception. */
  private toProtocolError(error: unknown, method: string): JsonRpcError {
    const { logger } = this.options;
    if (!(error instanceof JsonRpcError)) {
      logger.error(TransportLogMessages.callFailed(method), error);
    } else if (error.code === URL_ELICITATION_REQUIRED) {
      logger.error(ModernLogMessages.codeNotAllowed(method, error.code));
    } else if (!isWritable(error.data)) {
      logger.error(TransportLogMessages.notSerializable(method));
    } else {
      return error;
    }
    return internalError();
  }
}

function resultOf(answer: Answer): Result {
  if ('result' in answer) return toResult(answer.result);
  const { code, message, data } = answer.error;
  throw new JsonRpcError(code, message, data);
}

// Every result is an object; a handler that has nothing to say returns none. Of
// which kind it is, nothing says that a handler may have from somebody else.
function toResult(value: unknown): Result {
  if (value === undefined) return {};
  if (!isObject(value)) throw new TypeError(ModernLogMessages.noResult);
  if (value['resultType'] === undefined) return value;
  const { resultType: _, ...result } = value;
  return result;
}

// A model can make something of a tool's failure; a JSON-RPC error of a tool
// often ends at the client.
function timeoutResult(method: string, milliseconds: number): Result {
  if (method === 'tools/call') {
    const text = TransportMessages.toolTimedOut(milliseconds);
    return { isError: true, content: [{ type: 'text', text }] };
  }
  throw new JsonRpcError(REQUEST_TIMED_OUT, TransportMessages.requestTimedOut);
}
