import type {
  AnySchema,
  SchemaOutput,
} from '@modelcontextprotocol/sdk/server/zod-compat.js';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type {
  ClientCapabilities,
  Implementation,
  ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { McpEra, McpLogLevel } from '../context/mcp-context.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import type { CallAbortedError } from './call-aborted.error.js';
import { MessageContext, type CallOrigin } from './message-context.js';
import type { ResourceSubscriptions } from './resource-subscriptions.js';
import type { McpRequest } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** What a call may do on the connection it came by. */
export interface CallChannel {
  readonly sessionId: string | undefined;
  /** Asks the client of a session; `undefined` when there is none. */
  readonly server: Server | undefined;
  /** Of the session; `undefined` when there is none. */
  readonly subscriptions: ResourceSubscriptions | undefined;
  wantsLog(level: McpLogLevel): boolean;
  notifyCall(
    callId: number,
    method: string,
    params: Record<string, unknown> | undefined,
  ): Promise<void> | undefined;
}

/** A call of the 2025 era. */
export class CallContext extends MessageContext {
  readonly era: McpEra = 'legacy';
  private controller: AbortController | undefined;
  private abortedBy: CallAbortedError | undefined;

  /** @param callId of the transport; the client's id may be that of other calls */
  constructor(
    private readonly callId: number,
    message: McpRequest,
    origin: CallOrigin,
    private readonly channel: CallChannel,
  ) {
    super(message, origin);
  }

  get sessionId(): string | undefined {
    return this.channel.sessionId;
  }

  /** What the client subscribed to; `undefined` without a session. @internal */
  get subscriptions(): ResourceSubscriptions | undefined {
    return this.channel.subscriptions;
  }

  /** How the client introduced itself; `undefined` without a session. */
  get clientInfo(): Implementation | undefined {
    return this.channel.server?.getClientVersion();
  }

  /** What the client can be asked; `undefined` without a session. */
  override get clientCapabilities(): ClientCapabilities | undefined {
    return this.channel.server?.getClientCapabilities();
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

  async notify(
    method: string,
    params?: Record<string, unknown>,
  ): Promise<void> {
    if (this.abortedBy) return;
    await this.channel.notifyCall(this.callId, method, params);
  }

  /**
   * Asks the client something, on the stream of this call.
   *
   * @throws JsonRpcError when the client has no session
   * @throws McpError of the SDK when the client refuses or does not answer
   */
  async sendRequest<T extends AnySchema>(
    request: ServerRequest,
    resultSchema: T,
    options?: RequestOptions,
  ): Promise<SchemaOutput<T>> {
    if (this.abortedBy) throw this.abortedBy;
    const { server } = this.channel;
    if (!server) {
      throw new JsonRpcError(
        JsonRpcErrorCode.ConnectionError,
        TransportMessages.needsSession,
      );
    }
    return server.request(request, resultSchema, {
      ...options,
      relatedRequestId: this.callId,
    });
  }

  protected wantsLog(level: McpLogLevel): boolean {
    return this.channel.wantsLog(level);
  }
}
