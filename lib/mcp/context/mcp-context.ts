import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import { INJECTED_PARAMETER } from '../../parameters/injected-parameter.js';
import type { Principal } from '../../verification/principal.js';
import type {
  InputRequirement,
  InputResponse,
} from '../modern/input-request.js';
import { InputRequiredError } from '../modern/input-required.error.js';

/**
 * Severity of a log message to the client.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging
 */
export type McpLogLevel =
  | 'debug'
  | 'info'
  | 'notice'
  | 'warning'
  | 'error'
  | 'critical'
  | 'alert'
  | 'emergency';

/** Protocol generation of a request: 2025-11-25 and older, or 2026-07-28. */
export type McpEra = 'legacy' | 'modern';

/**
 * One MCP call, as the handler sees it. Injected into any tool, resource or
 * prompt method by its parameter type.
 *
 * @example
 * ```ts
 * @McpTool({ description: 'Imports a file' })
 * async importFile(@ToolInput() input: ImportDto, context: McpContext) {
 *   await context.progress(1, 10, 'Reading');
 * }
 * ```
 * @publicApi
 */
export abstract class McpContext {
  /** @internal */
  static readonly [INJECTED_PARAMETER] = (
    _data: unknown,
    context: ExecutionContext,
  ): McpContext | undefined =>
    context.getType<string>() === 'mcp'
      ? context.getArgByIndex<{ context: McpContext }>(2).context
      : undefined;

  /** The caller. */
  abstract readonly principal: Principal;
  /** Protocol generation the client speaks. */
  abstract readonly era: McpEra;
  /** The id the client gave the request. For logs: two clients may use the same. */
  abstract readonly requestId: string | number;
  /** Session of the client; `undefined` in a stateless call. */
  abstract readonly sessionId: string | undefined;
  /** Headers of the HTTP request. Never trust them with an identity. */
  abstract readonly headers: Readonly<IncomingHttpHeaders>;
  /**
   * The transport's request, as guards get it from `switchToHttp()`. One object
   * per call: where several calls share a request (a batch), each gets an
   * object of its own that inherits from it.
   */
  abstract readonly request: object;
  /** What the client said it can be asked; `undefined` where it did not say. */
  get clientCapabilities(): unknown {
    return undefined;
  }
  /** `_meta` of the request's params. */
  abstract readonly meta: Readonly<Record<string, unknown>> | undefined;
  /** Fires when the client cancels, its deadline passes or the server closes. */
  abstract readonly signal: AbortSignal;

  /**
   * Reports progress. Does nothing unless the client asked for it. Values must
   * increase; others are dropped.
   */
  abstract progress(
    progress: number,
    total?: number,
    message?: string,
  ): Promise<void>;

  /** Sends a log message, if it is at or above the level the client wants. */
  abstract log(
    level: McpLogLevel,
    data: unknown,
    logger?: string,
  ): Promise<void>;

  /** Sends any notification that belongs to this call. */
  abstract notify(
    method: string,
    params?: Record<string, unknown>,
  ): Promise<void>;

  /**
   * Ends the connection of this call while the call goes on: a client of
   * revision 2025-11-25 comes back for the rest, now and then, instead of
   * keeping a connection open. For calls that take minutes. Does nothing where
   * the client would not come back: without a session, without resumption, or
   * in other revisions.
   *
   * @returns whether the connection was ended
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
   */
  releaseStream(): boolean {
    return false;
  }

  /**
   * What the client answered to the last round's requests, by their keys. An
   * answer is what the client says: check it as you check input.
   */
  get inputResponses(): Readonly<Record<string, InputResponse>> {
    return {};
  }

  /** The state that the last round handed over; `undefined` in the first. */
  // The handler knows what it handed over, and the compiler cannot.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  requestState<T>(): T | undefined {
    return undefined;
  }

  /**
   * Ends the call to ask the client for something. The client repeats the call
   * with the answers, so the handler runs anew, from its beginning.
   *
   * Clients of revision 2026-07-28 only; others get an error that says so.
   *
   * @example
   * ```ts
   * const { confirm } = context.inputResponses;
   * if (!confirm) {
   *   context.requireInput({
   *     requests: { confirm: elicitForm({ message: 'Really?', schema }) },
   *   });
   * }
   * ```
   * @throws InputRequiredError always
   * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr
   */
  requireInput(requirement: InputRequirement): never {
    throw new InputRequiredError(requirement);
  }
}
