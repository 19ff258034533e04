import type { IncomingHttpHeaders } from 'node:http';
import type {
  CreateMessageRequestParams,
  CreateMessageResultWithTools,
  Root,
} from '@modelcontextprotocol/sdk/types.js';
import type { ExecutionContext } from '@nestjs/common';
import type { TraceContext } from '../../observability/telemetry/trace-context.js';
import { INJECTED_PARAMETER } from '../../parameters/injected-parameter.js';
import type { Principal } from '../../verification/principal.js';
import type {
  FormAnswer,
  FormContent,
  FormElicitation,
  FormSource,
  UrlAnswer,
  UrlElicitation,
} from '../input/elicitation.interface.js';
import type {
  InputRequirement,
  InputResponse,
} from '../input/input-request.js';
import { InputRequiredError } from '../input/input-required.error.js';
import type {
  McpClientCapabilities,
  McpClientInfo,
} from './client-description.js';
import type { McpLogLevel } from './log-level.js';

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
  /**
   * Revision of the protocol the request is in, such as `2025-11-25`. Where a
   * client of the 2025 era does not say, `2025-03-26`, as the protocol has it.
   */
  abstract readonly protocolVersion: string;
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
  /**
   * How the client introduced itself; `undefined` where it did not. A client of
   * the 2025 era does so for a session, one of 2026-07-28 with every request.
   */
  abstract readonly clientInfo: McpClientInfo | undefined;
  /**
   * What the client said it can be asked; `undefined` where it did not say, as
   * in the 2025 era without a session.
   */
  abstract readonly clientCapabilities: McpClientCapabilities | undefined;
  /** `_meta` of the request's params. */
  abstract readonly meta: Readonly<Record<string, unknown>> | undefined;
  /**
   * Where the client is in a distributed trace, and its baggage: as its `_meta`
   * says, else its headers. What is not valid counts as absent.
   *
   * @see https://modelcontextprotocol.io/community/seps/414-request-meta
   */
  abstract readonly traceContext: TraceContext | undefined;
  /**
   * Fires when the client cancels, its deadline passes or the server closes,
   * and where nobody waits for the answer any more: its reason is then an error
   * named `AbortError` or `TimeoutError`.
   */
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

  /**
   * Sends any notification that belongs to this call. Wait for it, as for
   * progress and logs: what is sent faster than the client reads is dropped.
   */
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
   * Asks the user to fill in a form, and waits for the answer.
   *
   * A client of the 2025 era is asked in place, if it has a session. In revision
   * 2026-07-28 the call ends here with the question, and the handler runs anew,
   * from its beginning, once the client comes back with the answer, which is
   * then found under its key. So, to work in both:
   *
   * - The code before runs once for each question: let it only read, and act
   *   when all is answered. Answers are remembered until the call ends.
   * - Keys must be the same in every run, and different for different questions.
   * - Whatever catches errors around it must let {@link InputRequiredError} pass.
   *
   * The time the user takes does not count for the deadline of the call; after
   * ten minutes without an answer it fails.
   *
   * Never ask for a secret: the client and its model see the answer. Send the
   * user to a page with {@link elicitUrl} instead.
   *
   * @param key names the question within the call
   * @param form.schema what is asked; the content is checked against it
   * @throws ClientInputError when the client cannot be asked that, or answers
   *   something else
   * @throws SchemaDefinitionError when the schema is not that of a form
   * @example
   * ```ts
   * const { action, content } = await context.elicit('confirm', {
   *   message: `Delete ${count} files?`,
   *   schema: z.object({ sure: z.boolean() }),
   * });
   * if (action !== 'accept' || !content.sure) return 'Nothing was deleted.';
   * ```
   * @see https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation
   */
  abstract elicit<Source extends FormSource>(
    key: string,
    form: FormElicitation<Source>,
  ): Promise<FormAnswer<FormContent<Source>>>;

  /**
   * Asks the user to open a page, for what must not pass through the client.
   * Works as {@link elicit} does. That the user accepts says nothing about what
   * happens on the page.
   *
   * @throws ClientInputError when the client cannot be asked that
   * @throws InsecureUrlError when it is no URL with https, or with http on a
   *   loopback address
   */
  abstract elicitUrl(key: string, page: UrlElicitation): Promise<UrlAnswer>;

  /**
   * Asks the client's model for a message. Works as {@link elicit} does.
   *
   * @deprecated The protocol phases sampling out.
   * @throws ClientInputError when the client cannot be asked that
   */
  abstract sample(
    key: string,
    params: CreateMessageRequestParams,
  ): Promise<CreateMessageResultWithTools>;

  /**
   * Asks the client for the folders it works in. Works as {@link elicit} does.
   *
   * @deprecated The protocol phases roots out.
   * @throws ClientInputError when the client cannot be asked that
   */
  abstract listRoots(key?: string): Promise<readonly Root[]>;

  /**
   * What the client answered so far, by the keys of the questions. An answer is
   * what the client says: check it as you check input.
   */
  abstract readonly inputResponses: Readonly<Record<string, InputResponse>>;

  /** The state that the last round handed over; `undefined` in the first. */
  // The handler knows what it handed over, and the compiler cannot.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  abstract requestState<T>(): T | undefined;

  /**
   * Ends this run of the handler to ask the client several things at once, or
   * to hand over a state. The handler runs anew, from its beginning, when the
   * client has answered.
   *
   * A client of the 2025 era, if it has a session, is asked one thing after the
   * other while its call waits, for eight rounds at most; the time it takes does
   * not count for the deadline of the call. A client of revision 2026-07-28
   * repeats the call with the answers.
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
   * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
   */
  requireInput(requirement: InputRequirement): never {
    throw new InputRequiredError(requirement);
  }
}
