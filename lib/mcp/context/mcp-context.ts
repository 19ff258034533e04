import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import { INJECTED_PARAMETER } from '../../parameters/injected-parameter.js';
import type { Principal } from '../../verification/principal.js';

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
}
