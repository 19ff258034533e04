import type { McpEra, McpLogLevel } from '../context/mcp-context.js';
import type { CallAbortedError } from '../transport/call-aborted.error.js';
import { LogThreshold } from '../transport/log-threshold.js';
import {
  MessageContext,
  type CallOrigin,
} from '../transport/message-context.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import type { InputResponse } from './input-request.js';
import {
  CLIENT_CAPABILITIES_META,
  CLIENT_INFO_META,
  LOG_LEVEL_META,
} from './modern.constants.js';

/** What a call has beside its message. */
export interface ModernCallOrigin extends CallOrigin {
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
export class ModernCallContext extends MessageContext {
  readonly era: McpEra = 'modern';
  readonly sessionId = undefined;
  private controller: AbortController | undefined;
  private abortedBy: CallAbortedError | undefined;
  private isOver = false;

  constructor(
    message: McpRequest,
    protected override readonly origin: ModernCallOrigin,
  ) {
    super(message, origin);
  }

  /** How the client introduced itself, if it did. Anybody can say anything. */
  get clientInfo(): unknown {
    return this.meta?.[CLIENT_INFO_META];
  }

  /** What the client can be asked. */
  override get clientCapabilities(): unknown {
    return this.meta?.[CLIENT_CAPABILITIES_META];
  }

  // Made on first use: most handlers never look.
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.abortedBy) this.controller.abort(this.abortedBy);
    }
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
    this.abortedBy = reason;
    this.controller?.abort(reason);
  }

  /** What a handler sends after its answer is dropped. @internal */
  end(): void {
    this.isOver = true;
  }

  async notify(
    method: string,
    params?: Record<string, unknown>,
  ): Promise<void> {
    if (!this.isOver) await this.origin.notify(method, params);
  }

  // Without a level in the request, this revision wants silence.
  protected wantsLog(level: McpLogLevel): boolean {
    const wanted = this.meta?.[LOG_LEVEL_META];
    if (wanted === undefined || !this.origin.logging) return false;
    const threshold = new LogThreshold();
    threshold.set(wanted as McpLogLevel);
    return threshold.admits(level);
  }
}
