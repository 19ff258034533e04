import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Principal } from '../../verification/principal.js';
import {
  McpContext,
  type McpEra,
  type McpLogLevel,
} from '../context/mcp-context.js';
import type { CallAbortedError } from '../transport/call-aborted.error.js';
import { LogThreshold } from '../transport/log-threshold.js';
import type {
  Caller,
  McpRequest,
  RequestId,
} from '../transport/transport.interfaces.js';
import type { InputResponse } from './input-request.js';
import {
  CLIENT_CAPABILITIES_META,
  CLIENT_INFO_META,
  LOG_LEVEL_META,
} from './modern.constants.js';

/** What a call has beside its message. */
export interface ModernCallOrigin {
  readonly caller: Caller;
  readonly request: IncomingMessage;
  readonly inputResponses: Readonly<Record<string, InputResponse>>;
  /** As it was sealed; opened and checked. */
  readonly state: unknown;
  /** Whether the server declared that it logs. */
  readonly logging: boolean;
  readonly notify: (
    method: string,
    params: Record<string, unknown> | undefined,
  ) => Promise<void>;
}

/** A call of the modern era: all there is to know came with its request. */
export class ModernCallContext extends McpContext {
  readonly era: McpEra = 'modern';
  readonly sessionId = undefined;
  private readonly controller = new AbortController();
  private lastProgress = Number.NEGATIVE_INFINITY;
  private isOver = false;

  constructor(
    private readonly message: McpRequest,
    private readonly origin: ModernCallOrigin,
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

  /** How the client introduced itself, if it did. Anybody can say anything. */
  get clientInfo(): unknown {
    return this.meta?.[CLIENT_INFO_META];
  }

  /** What the client can be asked. */
  override get clientCapabilities(): unknown {
    return this.meta?.[CLIENT_CAPABILITIES_META];
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  override get inputResponses(): Readonly<Record<string, InputResponse>> {
    return this.origin.inputResponses;
  }

  // The handler knows what it handed over, and the compiler cannot.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  override requestState<T>(): T | undefined {
    return this.origin.state as T | undefined;
  }

  /** @internal */
  abort(reason: CallAbortedError): void {
    this.isOver = true;
    this.controller.abort(reason);
  }

  /** What a handler sends after its answer is dropped. @internal */
  end(): void {
    this.isOver = true;
  }

  async progress(
    progress: number,
    total?: number,
    message?: string,
  ): Promise<void> {
    const progressToken = this.meta?.['progressToken'];
    if (progressToken === undefined) return;
    if (!(progress > this.lastProgress)) return;
    this.lastProgress = progress;
    await this.notify('notifications/progress', {
      progressToken,
      progress,
      total,
      message,
    });
  }

  // Without a level in the request, this revision wants silence.
  async log(level: McpLogLevel, data: unknown, logger?: string): Promise<void> {
    const wanted = this.meta?.[LOG_LEVEL_META];
    if (wanted === undefined || !this.origin.logging) return;
    const threshold = new LogThreshold();
    threshold.set(wanted as McpLogLevel);
    if (!threshold.admits(level)) return;
    // `data` is required, and undefined would be left out.
    await this.notify('notifications/message', {
      level,
      logger,
      data: data ?? null,
    });
  }

  async notify(
    method: string,
    params?: Record<string, unknown>,
  ): Promise<void> {
    if (!this.isOver) await this.origin.notify(method, params);
  }
}
