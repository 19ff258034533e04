import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import {
  traceContextOf,
  type TraceContext,
} from '../../observability/telemetry/trace-context.js';
import type { Principal } from '../../verification/principal.js';
import type { McpLogLevel } from '../context/log-level.js';
import { McpContext } from '../context/mcp-context.js';
import type { CallAbortedError } from './call-aborted.error.js';
import type { Caller, McpRequest, RequestId } from './transport.interfaces.js';

/** Who sent a message, and by which HTTP request. */
export interface CallOrigin {
  readonly caller: Caller;
  /** An object of this call alone, even where several came in one batch. */
  readonly request: IncomingMessage;
  /** Revision agreed on in the session, where there is one. */
  readonly negotiatedVersion?: string | undefined;
}

/** What a call is in both eras: one message that came by HTTP. */
export abstract class MessageContext extends McpContext {
  protected abortedBy: CallAbortedError | undefined;
  private controller: AbortController | undefined;
  private lastProgress = Number.NEGATIVE_INFINITY;

  constructor(
    protected readonly message: McpRequest,
    protected readonly origin: CallOrigin,
  ) {
    super();
  }

  get principal(): Principal {
    return this.origin.caller.principal;
  }

  get requestId(): RequestId {
    return this.message.id;
  }

  get request(): IncomingMessage {
    return this.origin.request;
  }

  get headers(): Readonly<IncomingHttpHeaders> {
    return this.origin.request.headers;
  }

  get meta(): Readonly<Record<string, unknown>> | undefined {
    return this.message.params?.['_meta'] as
      Record<string, unknown> | undefined;
  }

  get traceContext(): TraceContext | undefined {
    return traceContextOf(this.meta, this.headers);
  }

  // Made on first use: most handlers never look, and a controller is the
  // dearest object of a call.
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.abortedBy) this.controller.abort(this.abortedBy);
    }
    return this.controller.signal;
  }

  /** @internal */
  abort(reason: CallAbortedError): void {
    this.abortedBy = reason;
    this.controller?.abort(reason);
  }

  async progress(
    progress: number,
    total?: number,
    message?: string,
  ): Promise<void> {
    const progressToken = this.meta?.['progressToken'];
    if (
      typeof progressToken !== 'string' &&
      typeof progressToken !== 'number'
    ) {
      return;
    }
    // What is not finite has no form in JSON.
    const isProgress = Number.isFinite(progress);
    if (!isProgress || progress <= this.lastProgress) return;
    this.lastProgress = progress;
    await this.notify('notifications/progress', {
      progressToken,
      progress,
      total: Number.isFinite(total) ? total : undefined,
      message,
    });
  }

  async log(level: McpLogLevel, data: unknown, logger?: string): Promise<void> {
    if (!this.wantsLog(level)) return;
    // `data` is required, and undefined would be left out.
    await this.notify('notifications/message', {
      level,
      logger,
      data: data ?? null,
    });
  }

  /** Whether the client is to see log messages of a level. */
  protected abstract wantsLog(level: McpLogLevel): boolean;
}
