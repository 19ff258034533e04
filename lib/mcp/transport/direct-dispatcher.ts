import { InputRequiredError } from '../input/input-required.error.js';
import { isPromiseLike } from '../promise-like.js';
import { readableError } from '../readable-error.js';
import { answerOfError, INTERNAL_ERROR, type Answer } from './answer.js';
import { CallAbortedError } from './call-aborted.error.js';
import type { CallContext } from './call-context.js';
import { CallRefusalError } from './call-refusal.error.js';
import type { PendingCall } from './pending-call.js';
import { REQUEST_TIMED_OUT } from './transport.constants.js';
import type {
  MethodDispatcher,
  TransportLogger,
} from './transport.interfaces.js';
import {
  TransportLogMessages,
  TransportMessages,
} from './transport.messages.js';

/** Takes the answer of a call. Later answers of the same call are dropped. */
export interface AnswerSink {
  finish(call: PendingCall, answer: Answer): void;
  refuse(call: PendingCall, refusal: CallRefusalError): void;
}

/**
 * Runs the frequent methods without the SDK's protocol layer, which parses
 * every message several times. A handler that requires input runs again when
 * the client of its session has given it.
 */
export class DirectDispatcher {
  constructor(
    private readonly methods: MethodDispatcher,
    private readonly logger: TransportLogger,
  ) {}

  handles(method: string): boolean {
    return this.methods.handles(method);
  }

  run(call: PendingCall, context: CallContext, sink: AnswerSink): void {
    call.context = context;
    this.attempt(call, context, sink);
  }

  private attempt(
    call: PendingCall,
    context: CallContext,
    sink: AnswerSink,
  ): void {
    if (call.isSettled) return;
    try {
      const outcome = this.methods.dispatch(call.request, context);
      if (!isPromiseLike(outcome)) {
        sink.finish(call, { result: outcome });
        return;
      }
      this.setDeadline(call, sink);
      outcome.then(
        (result) => sink.finish(call, { result }),
        (error: unknown) => this.recover(call, context, error, sink),
      );
    } catch (error) {
      this.recover(call, context, error, sink);
    }
  }

  private setDeadline(call: PendingCall, sink: AnswerSink): void {
    const milliseconds = this.methods.timeoutOf(call.request);
    call.clock.start(milliseconds, () => {
      sink.finish(call, timeoutAnswer(call, milliseconds));
      call.abort(
        new CallAbortedError(TransportMessages.requestTimedOut, 'TimeoutError'),
      );
    });
  }

  // What is thrown may be anything, null included.
  private recover(
    call: PendingCall,
    context: CallContext,
    thrown: unknown,
    sink: AnswerSink,
  ): void {
    const error = readableError(thrown);
    if (call.isSettled || !(error instanceof InputRequiredError)) {
      this.fail(call, error, sink);
      return;
    }
    context.fulfil(error.requirement).then(
      () => this.attempt(call, context, sink),
      (failure: unknown) => this.fail(call, failure, sink),
    );
  }

  private fail(call: PendingCall, error: unknown, sink: AnswerSink): void {
    if (call.isSettled) return;
    if (error instanceof CallRefusalError) {
      sink.refuse(call, error);
      return;
    }
    const answer = answerOfError(error);
    if (!answer) {
      const { method } = call.request;
      this.logger.error(TransportLogMessages.callFailed(method), error);
    }
    sink.finish(call, answer ?? INTERNAL_ERROR);
  }
}

// A model can make something of a tool's failure; a JSON-RPC error of a tool
// often ends at the client.
function timeoutAnswer(call: PendingCall, milliseconds: number): Answer {
  if (call.request.method === 'tools/call') {
    const text = TransportMessages.toolTimedOut(milliseconds);
    return { result: { isError: true, content: [{ type: 'text', text }] } };
  }
  const message = TransportMessages.requestTimedOut;
  return { error: { code: REQUEST_TIMED_OUT, message } };
}
