import { randomUUID } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { toNotification, type McpChange } from '../changes/change.js';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import type { Answer } from '../transport/answer.js';
import { DirectDispatcher } from '../transport/direct-dispatcher.js';
import { encodeMessage } from '../transport/message-encoder.js';
import { MultiplexTransport } from '../transport/multiplex-transport.js';
import { createSessionServer } from '../transport/protocol-server.js';
import { ResourceSubscriptions } from '../transport/resource-subscriptions.js';
import type { McpRequest } from '../transport/transport.interfaces.js';
import { TransportMessages } from '../transport/transport.messages.js';
import {
  createLocalRequest,
  StdioExchange,
  StdioStream,
} from './stdio-exchange.js';
import type { StdioParts } from './stdio-parts.js';
import type { SoundMessage } from './stdio-wire.js';

/** A connection of the 2025 era: one session, from its start to its end. */
export class LegacyConnection {
  private readonly transport: MultiplexTransport;
  private readonly server: Server;
  private negotiatedVersion: string | undefined;

  constructor(private readonly parts: StdioParts) {
    const { introduction, dispatcher, logger, subscriptions, wire } = parts;
    this.transport = new MultiplexTransport({
      dispatcher: new DirectDispatcher(dispatcher, logger),
      logger,
      logging: introduction.capabilities.logging !== undefined,
      sessionId: randomUUID(),
      subscriptions: new ResourceSubscriptions(subscriptions.maxResources),
    });
    this.server = createSessionServer(introduction, (level) =>
      this.transport.logThreshold.set(level),
    );
    this.transport.server = this.server;
    this.transport.attachStream(new StdioStream(wire));
  }

  async open(): Promise<void> {
    await this.server.connect(this.transport);
  }

  receive({ kind, message }: SoundMessage): void {
    if (kind === 'request') this.request(message);
    else if (kind === 'response') this.transport.deliverResponse(message);
    else this.transport.deliverNotification(message);
  }

  tell(change: McpChange): void {
    if (this.negotiatedVersion === undefined) return;
    const { subscriptions } = this.transport;
    if ('uri' in change && !subscriptions?.has(change.uri)) return;
    const notification = { jsonrpc: '2.0', ...toNotification(change) };
    const text = encodeMessage(notification, this.parts.logger);
    if (text !== undefined) this.transport.sendToStream(text);
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  private request(message: McpRequest): void {
    const { caller, wire } = this.parts;
    const isOpening = message.method === 'initialize';
    if (isOpening && this.negotiatedVersion !== undefined) {
      const code = JsonRpcErrorCode.InvalidRequest;
      const text = TransportMessages.alreadyInitialized;
      wire.refuse(message.id, { code, message: text });
      return;
    }
    this.transport.deliverRequest(
      message,
      new StdioExchange(wire),
      {
        caller: caller.current,
        request: createLocalRequest(),
        negotiatedVersion: this.negotiatedVersion,
      },
      isOpening ? (answer) => this.agree(answer) : undefined,
    );
  }

  private agree(answer: Answer | undefined): void {
    if (!answer || !('result' in answer)) return;
    const result = answer.result as { protocolVersion: string };
    this.negotiatedVersion = result.protocolVersion;
  }
}
