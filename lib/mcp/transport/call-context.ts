import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
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
import type { Principal } from '../../verification/principal.js';
import {
  McpContext,
  type McpEra,
  type McpLogLevel,
} from '../context/mcp-context.js';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import type { CallAbortedError } from './call-aborted.error.js';
import type { Caller, McpRequest, RequestId } from './transport.interfaces.js';
import { TransportMessages } from './transport.messages.js';

/** Who sent a message, and by which HTTP request. */
export interface CallOrigin {
  readonly caller: Caller;
  /** An object of this call alone, even where several came in one batch. */
  readonly request: IncomingMessage;
}

/** What a call may do on the connection it came by. */
export interface CallChannel {
  readonly sessionId: string | undefined;
  /** Asks the client of a session; `undefined` when there is none. */
  readonly server: Server | undefined;
  wantsLog(level: McpLogLevel): boolean;
  notifyCall(
    callId: number,
    method: string,
    params: Record<string, unknown> | undefined,
  ): Promise<void> | undefined;
}

/** A call of the 2025 era. */
export class CallContext extends McpContext {
  readonly era: McpEra = 'legacy';
  private controller: AbortController | undefined;
  private abortedBy: CallAbortedError | undefined;
  private lastProgress = Number.NEGATIVE_INFINITY;

  /** @param callId of the transport; the client's id may be that of other calls */
  constructor(
    private readonly callId: number,
    private readonly message: McpRequest,
    private readonly origin: CallOrigin,
    private readonly channel: CallChannel,
  ) {
    super();
  }

  get principal(): Principal {
    return this.origin.caller.principal;
  }

  get requestId(): RequestId {
    return this.message.id;
  }

  get sessionId(): string | undefined {
    return this.channel.sessionId;
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
    if (!(progress > this.lastProgress)) return;
    this.lastProgress = progress;
    await this.notify('notifications/progress', {
      progressToken,
      progress,
      total,
      message,
    });
  }

  async log(level: McpLogLevel, data: unknown, logger?: string): Promise<void> {
    if (!this.channel.wantsLog(level)) return;
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
}
