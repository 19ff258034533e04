import type { McpServerFactory } from '@modelcontextprotocol/server';
import type { StdioServerHandle } from '@modelcontextprotocol/server/stdio';
import type { McpChange } from '../changes/change.js';
import { isRefusal } from '../modern/sdk-report.js';
import { readableError } from '../readable-error.js';
import { classifyMessage } from '../transport/message-classifier.js';
import { TransportLogMessages } from '../transport/transport.messages.js';
import { LegacyConnection } from './legacy-connection.js';
import { ModernConnection } from './modern-connection.js';
import { ModernTransport } from './modern.transport.js';
import type { StdioEntry, StdioParts } from './stdio-parts.js';
import type { StdioSdk } from './stdio-sdk.loader.js';

type EraServer = Awaited<ReturnType<McpServerFactory>>;

/** Speaks both eras, or the modern one alone: the package decides which. */
export class ModernEntry implements StdioEntry {
  private readonly transport: ModernTransport;
  private current: Pick<StdioEntry, 'tell'> | undefined;
  private handle: StdioServerHandle | undefined;

  constructor(
    private readonly parts: StdioParts,
    private readonly sdk: StdioSdk,
  ) {
    this.transport = new ModernTransport(parts);
  }

  async start(): Promise<void> {
    const { eras, subscriptions } = this.parts;
    this.handle = this.sdk.serveStdio(
      ({ era }) => (era === 'legacy' ? this.serveLegacy() : this.serveModern()),
      {
        transport: this.transport,
        legacy: eras.eras === 'modern' ? 'reject' : 'serve',
        maxSubscriptions: subscriptions.maxStreamsPerCaller,
        onerror: this.report,
      },
    );
  }

  tell(change: McpChange): void {
    this.current?.tell(change);
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }

  private serveModern(): EraServer {
    const { parts, transport, sdk, report } = this;
    const connection = new ModernConnection(parts, transport, sdk, report);
    this.current = connection;
    return connection.server;
  }

  // What the package connects and closes need not be its own server. Once the
  // era is known it has no more to do with the messages of this one.
  private serveLegacy(): EraServer {
    const connection = new LegacyConnection(this.parts);
    this.current = connection;
    const server: Pick<EraServer, 'connect' | 'close'> = {
      connect: async (channel) => {
        await connection.open();
        this.transport.forget();
        // By there comes what arrived while the era was decided on.
        const onmessage = (message: unknown) => {
          const classified = classifyMessage(message);
          if (classified.kind !== 'invalid') connection.receive(classified);
        };
        Object.assign(channel, { onmessage });
        this.parts.wire.deliverTo((message) => connection.receive(message));
      },
      close: () => connection.close(),
    };
    return server as EraServer;
  }

  // What clients do wrong is theirs to know, and is told in their own words.
  private readonly report = (error: Error): void => {
    if (isRefusal(error) || !error.message.startsWith('Failed')) return;
    const text = TransportLogMessages.requestFailed;
    this.parts.logger.error(text, readableError(error));
  };
}
