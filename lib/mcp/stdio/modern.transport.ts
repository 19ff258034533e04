import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { JsonRpcError, JsonRpcErrorCode } from '../json-rpc.error.js';
import { claimedRevision } from '../transport/era.js';
import { LISTEN, MODERN_REVISION } from '../transport/transport.constants.js';
import type {
  McpRequest,
  RequestId,
} from '../transport/transport.interfaces.js';
import { TransportMessages } from '../transport/transport.messages.js';
import { ListenGate } from './listen.gate.js';
import type { StdioParts } from './stdio-parts.js';
import type { SoundMessage } from './stdio-wire.js';
import { StdioClientMessages } from './stdio.messages.js';

/**
 * The wire, as the package knows it. The package takes requests apart before
 * it asks us for an answer, so they are kept as they came until they are
 * answered.
 */
export class ModernTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onclose?: () => void;
  onerror?: (error: Error) => void;
  private readonly requests = new Map<RequestId, McpRequest>();
  private readonly gate: ListenGate;

  constructor(private readonly parts: StdioParts) {
    this.gate = new ListenGate(parts);
  }

  async start(): Promise<void> {
    const { wire } = this.parts;
    wire.deliverTo((message) => this.receive(message));
    wire.start();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message)) this.settle(message.id);
    await this.parts.wire.write(JSON.stringify(message));
  }

  async close(): Promise<void> {
    this.forget();
  }

  /** A request that is not answered yet, as it came. */
  find(id: RequestId): McpRequest | undefined {
    return this.requests.get(id);
  }

  /** Others answer from here on. */
  forget(): void {
    this.gate.close();
    this.requests.clear();
  }

  private receive({ kind, message }: SoundMessage): void {
    if (kind === 'request') {
      this.request(message);
      return;
    }
    if (kind === 'notification' && this.isCancelled(message)) return;
    this.deliver(message);
  }

  private deliver(message: SoundMessage['message']): void {
    this.onmessage?.(message as JSONRPCMessage);
  }

  private settle(id: unknown): void {
    this.requests.delete(id as RequestId);
  }

  private request(message: McpRequest): void {
    const { id, method } = message;
    if (this.requests.has(id)) {
      const code = JsonRpcErrorCode.InvalidRequest;
      this.parts.wire.refuse(id, {
        code,
        message: StdioClientMessages.idInUse,
      });
      return;
    }
    this.requests.set(id, message);
    const listens =
      method === LISTEN && claimedRevision(message) === MODERN_REVISION;
    if (listens) void this.listen(message);
    else this.deliver(message);
  }

  private async listen(message: McpRequest): Promise<void> {
    try {
      const admitted = await this.gate.admit(message);
      if (admitted) this.deliver(admitted);
    } catch (error) {
      this.settle(message.id);
      this.parts.wire.refuse(message.id, toRefusal(error));
    }
  }

  private isCancelled({
    method,
    params,
  }: SoundMessage['message'] & { method: string; params?: object }): boolean {
    if (method !== 'notifications/cancelled') return false;
    const id: unknown = Reflect.get(params ?? {}, 'requestId');
    this.settle(id);
    return this.gate.cancel(id);
  }
}

function toRefusal(error: unknown): { code: number; message: string } {
  if (error instanceof JsonRpcError) {
    return { code: error.code, message: error.message };
  }
  const code = JsonRpcErrorCode.InternalError;
  return { code, message: TransportMessages.internalError };
}
