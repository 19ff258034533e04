import type { LoggerService } from '@nestjs/common';
import { bindDelegation } from '../../delegation/request-delegation.js';
import type { TokenExchangeService } from '../../delegation/token-exchange.service.js';
import { InsufficientScopeException } from '../../guards/exceptions/insufficient-scope.exception.js';
import { toRefusal } from '../../guards/refusal.js';
import { sendJson } from '../../http/raw-route.js';
import type { Observability } from '../../observability/observability.js';
import { bindPrincipal } from '../../verification/request-principal.js';
import type { McpCall } from '../catalog/entry.interface.js';
import type { Permits } from '../catalog/entry-lists.js';
import type { McpContext } from '../context/mcp-context.js';
import { readableError } from '../readable-error.js';
import type { Answer } from '../transport/answer.js';
import { CallRefusalError } from '../transport/call-refusal.error.js';

/** What the runner works with. */
export interface HandlerRunnerDependencies {
  readonly exchange: TokenExchangeService;
  readonly permits: Permits;
  /** The refusal of a caller who lacks scopes that a handler asked for. */
  readonly refusalFor: (
    context: McpContext,
    scopes: readonly string[],
  ) => InsufficientScopeException;
  readonly logger: LoggerService;
  readonly observability: Observability;
}

/** What becomes of what a handler returned or threw. */
export interface HandlerOutcome<Result> {
  toResult(value: unknown): Result | Promise<Result>;
  /** The result that tells of a failure, or throws the error that does. */
  toFailure(error: unknown): Result;
  /** The answer to a caller who lacks scopes, when HTTP cannot tell any more. */
  toRefusal(message: string): Answer;
}

/** Runs handlers on behalf of their callers. */
export class HandlerRunner {
  readonly logger: LoggerService;
  readonly observability: Observability;
  /** Whether a caller has every scope. */
  readonly permits: Permits;

  constructor(private readonly dependencies: HandlerRunnerDependencies) {
    this.logger = dependencies.logger;
    this.observability = dependencies.observability;
    this.permits = dependencies.permits;
  }

  /** @throws CallRefusalError, and what the outcome throws */
  async run<Result>(
    call: McpCall,
    outcome: HandlerOutcome<Result>,
  ): Promise<Result> {
    this.bind(call);
    try {
      this.demandScopes(call);
      return await outcome.toResult(await call.handler.invoke(call));
    } catch (thrown) {
      const error = readableError(thrown);
      // Nobody waits for it any more: how it then fails is its own affair.
      if (call.context.signal.aborted) throw error;
      if (error instanceof InsufficientScopeException) {
        throw this.stepUp(call, error, outcome);
      }
      return outcome.toFailure(error);
    }
  }

  // Entries come and go, and a call may wait for its user, or for its turn: what
  // it finds may be another entry than the one that the gate saw.
  private demandScopes({ entry, context }: McpCall): void {
    if (this.permits(context.principal, entry.scopes)) return;
    throw new InsufficientScopeException(entry.scopes);
  }

  private bind(call: McpCall): void {
    const { principal } = call.context;
    bindPrincipal(call.request, principal);
    bindDelegation(call.request, {
      // Nothing is exchanged for a call that is going to be refused.
      access: async (declarations, context) =>
        this.dependencies.exchange.exchangeDeclared(principal, declarations, {
          context,
          input: await call.input(),
          // Dear, and made when it is read: not where the tokens are at hand.
          signal: () => call.context.signal,
        }),
    });
  }

  /** By HTTP, so that the client can ask for the scopes and try again. */
  private stepUp(
    { entry, context }: McpCall,
    error: InsufficientScopeException,
    outcome: HandlerOutcome<unknown>,
  ): CallRefusalError {
    const refusal = this.dependencies.refusalFor(context, [
      ...entry.scopes,
      ...error.scopes,
    ]);
    const { status, headers, body } = toRefusal(refusal);
    return new CallRefusalError(
      (response) => sendJson(response, status, body, headers),
      outcome.toRefusal(refusal.message),
    );
  }
}
