import {
  toClientCapabilities,
  toClientInfo,
  type McpClientCapabilities,
  type McpClientInfo,
} from '../context/client-description.js';
import type { McpLogLevel } from '../context/log-level.js';
import type { McpEra } from '../context/mcp-context.js';
import type { RoundMemory } from '../input/round-memory.js';
import { AskingContext } from '../transport/asking-context.js';
import type { CallAbortedError } from '../transport/call-aborted.error.js';
import { LogThreshold } from '../transport/log-threshold.js';
import type { CallOrigin } from '../transport/message-context.js';
import { MODERN_REVISION } from '../transport/transport.constants.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import type { InputRequest, InputResponse } from '../input/input-request.js';
import {
  CLIENT_CAPABILITIES_META,
  CLIENT_INFO_META,
  LOG_LEVEL_META,
} from './modern.constants.js';

/** What a call has beside its message. */
export interface ModernCallOrigin extends CallOrigin {
  /** As it was sealed; opened and checked. */
  readonly memory: RoundMemory;
  /** Whether the server declared that it logs. */
  readonly logging: boolean;
  readonly notify: (
    method: string,
    params: Record<string, unknown> | undefined,
  ) => Promise<void>;
}

/** A call of the modern era: all there is to know came with its request. */
export class ModernCallContext extends AskingContext {
  readonly era: McpEra = 'modern';
  readonly protocolVersion = MODERN_REVISION;
  readonly sessionId = undefined;
  private isOver = false;

  constructor(
    message: McpRequest,
    protected override readonly origin: ModernCallOrigin,
  ) {
    super(message, origin);
    this.memory = origin.memory;
  }

  get clientInfo(): McpClientInfo | undefined {
    return toClientInfo(this.meta?.[CLIENT_INFO_META]);
  }

  get clientCapabilities(): McpClientCapabilities | undefined {
    return toClientCapabilities(this.meta?.[CLIENT_CAPABILITIES_META]);
  }

  /** @internal */
  override abort(reason: CallAbortedError): void {
    this.isOver = true;
    super.abort(reason);
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

  // Ends this round. What the handler handed over before goes on to the next.
  protected async askClient(
    key: string,
    request: InputRequest,
  ): Promise<InputResponse> {
    const requests = { [key]: request };
    return this.requireInput({ requests, state: this.requestState() });
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
