import { randomUUID } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { DirectDispatcher } from './direct-dispatcher.js';
import { KeepAlive } from './keep-alive.js';
import type { McpEndpointOptions } from './mcp-endpoint.interface.js';
import { MultiplexTransport } from './multiplex-transport.js';
import { createSessionServer, createSharedServer } from './protocol-server.js';
import { ResourceSubscriptions } from './resource-subscriptions.js';
import { Session } from './session.js';
import { SessionRegistry } from './session-registry.js';

/** What the routes of an endpoint work on. */
export class EndpointParts {
  readonly keepAlive: KeepAlive;
  /** Transport of all requests without a session. */
  readonly shared: MultiplexTransport;
  readonly sessions: SessionRegistry | undefined;
  private readonly dispatcher: DirectDispatcher;
  private readonly sharedServer: Server;

  constructor(readonly options: McpEndpointOptions) {
    const { dispatcher, logger, keepAliveInterval, sessions } = options;
    this.keepAlive = new KeepAlive(keepAliveInterval);
    this.dispatcher = new DirectDispatcher(dispatcher, logger);
    this.shared = this.createTransport();
    this.sharedServer = createSharedServer(options);
    if (sessions !== false) {
      this.sessions = new SessionRegistry(sessions, (identity) =>
        this.createSession(identity),
      );
    }
  }

  async start(): Promise<void> {
    this.keepAlive.start();
    this.sessions?.start();
    await this.sharedServer.connect(this.shared);
  }

  async close(): Promise<void> {
    this.keepAlive.stop();
    await this.sessions?.closeAll();
    await this.sharedServer.close();
  }

  private createSession(identity: string): Session {
    const id = randomUUID();
    const transport = this.createTransport(id);
    const server = createSessionServer(this.options, (level) =>
      transport.logThreshold.set(level),
    );
    transport.server = server;
    return new Session(id, identity, transport, server);
  }

  private createTransport(sessionId?: string): MultiplexTransport {
    const { logger, capabilities, subscriptions } = this.options;
    return new MultiplexTransport({
      dispatcher: this.dispatcher,
      logger,
      logging: capabilities.logging !== undefined,
      ...(sessionId !== undefined && {
        sessionId,
        subscriptions: new ResourceSubscriptions(subscriptions.maxResources),
      }),
    });
  }
}
