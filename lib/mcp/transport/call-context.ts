import type {
  AnySchema,
  SchemaOutput,
} from '@modelcontextprotocol/sdk/server/zod-compat.js';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import {
  toClientCapabilities,
  toClientInfo,
  type McpClientCapabilities,
  type McpClientInfo,
} from '../context/client-description.js';
import type { McpLogLevel } from '../context/log-level.js';
import type { McpEra } from '../context/mcp-context.js';
import { ClientInputError } from '../input/client-input.error.js';
import { remember } from '../input/round-memory.js';
import type {
  InputRequest,
  InputRequirement,
  InputResponse,
} from '../input/input-request.js';
import { AskingContext } from './asking-context.js';
import { revisionHeaderOf } from './era.js';
import type { CallOrigin } from './message-context.js';
import type { PendingCall } from './pending-call.js';
import { pushQuestion } from './pushed-question.js';
import type { ResourceSubscriptions } from './resource-subscriptions.js';
import { BATCH_REVISION, MAX_INPUT_ROUNDS } from './transport.constants.js';
import type { McpRequest } from './transport.interfaces.js';

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
  /** `false`: the client would not come back for the answer. */
  releaseCall(callId: number): boolean;
}

/** A call of the 2025 era. */
export class CallContext extends AskingContext {
  readonly era: McpEra = 'legacy';
  private rounds = 0;

  /** @param call as the transport keeps it; the client's id may be that of other calls */
  constructor(
    private readonly call: Pick<PendingCall, 'id' | 'clock'>,
    message: McpRequest,
    origin: CallOrigin,
    private readonly channel: CallChannel,
  ) {
    super(message, origin);
  }

  get sessionId(): string | undefined {
    return this.channel.sessionId;
  }

  get protocolVersion(): string {
    const { request, negotiatedVersion } = this.origin;
    return revisionHeaderOf(request) ?? negotiatedVersion ?? BATCH_REVISION;
  }

  /** What the client subscribed to; `undefined` without a session. @internal */
  get subscriptions(): ResourceSubscriptions | undefined {
    return this.channel.subscriptions;
  }

  get clientInfo(): McpClientInfo | undefined {
    return toClientInfo(this.channel.server?.getClientVersion());
  }

  get clientCapabilities(): McpClientCapabilities | undefined {
    return toClientCapabilities(this.channel.server?.getClientCapabilities());
  }

  async notify(
    method: string,
    params?: Record<string, unknown>,
  ): Promise<void> {
    if (this.abortedBy) return;
    await this.channel.notifyCall(this.call.id, method, params);
  }

  override releaseStream(): boolean {
    return !this.abortedBy && this.channel.releaseCall(this.call.id);
  }

  /**
   * Asks the client something, on the stream of this call.
   *
   * @throws ClientInputError when the client has no session
   * @throws McpError of the SDK when the client refuses or does not answer
   */
  async sendRequest<T extends AnySchema>(
    request: ServerRequest,
    resultSchema: T,
    options?: RequestOptions,
  ): Promise<SchemaOutput<T>> {
    if (this.abortedBy) throw this.abortedBy;
    const { server } = this.channel;
    if (!server) throw ClientInputError.sessionRequired();
    return server.request(request, resultSchema, {
      ...options,
      relatedRequestId: this.call.id,
    });
  }

  /**
   * Gets what a handler requires before it can run again.
   *
   * @throws ClientInputError
   * @internal
   */
  async fulfil(requirement: InputRequirement): Promise<void> {
    const { requests = {} } = requirement;
    // In the modern era it travels as JSON, and no handler must tell them apart.
    const state = toJson(requirement.state);
    const memory = this.planRound({ requests, state });
    if (this.rounds === MAX_INPUT_ROUNDS) {
      throw ClientInputError.tooManyRounds(MAX_INPUT_ROUNDS);
    }
    this.rounds += 1;
    this.memory = memory;
    for (const [key, request] of Object.entries(requests)) {
      await this.askClient(key, request);
    }
  }

  protected wantsLog(level: McpLogLevel): boolean {
    return this.channel.wantsLog(level);
  }

  protected override ensureCanAsk(requests: readonly InputRequest[]): void {
    if (!this.channel.server) throw ClientInputError.sessionRequired();
    super.ensureCanAsk(requests);
  }

  protected async askClient(
    key: string,
    request: InputRequest,
  ): Promise<InputResponse> {
    try {
      const answer = await this.call.clock.pauseFor(() =>
        pushQuestion(request, (...sent) => this.sendRequest(...sent)),
      );
      this.memory = remember(this.memory, { [key]: answer });
      return answer;
    } catch (error) {
      throw this.abortedBy ?? error;
    }
  }
}

function toJson(state: unknown): unknown {
  const text = JSON.stringify(state) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text);
}
