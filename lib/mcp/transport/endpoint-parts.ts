import { randomBytes } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { DirectDispatcher } from './direct-dispatcher.js';
import { EndedSessions } from './ended-sessions.js';
import { KeepAlive } from './keep-alive.js';
import type { McpEndpointOptions } from './mcp-endpoint.interface.js';
import type { MultiplexTransportOptions } from './multiplex-transport.interface.js';
import { MultiplexTransport } from './multiplex-transport.js';
import { createSessionServer, createSharedServer } from './protocol-server.js';
import { ResourceSubscriptions } from './resource-subscriptions.js';
import { Resumption } from './resumption/resumption.js';
import { SealedSessionIds } from './sealed-session-ids.js';
import { RandomSessionIds } from './session-ids.js';
import { SessionRegistry } from './session-registry.js';
import { Session, type SessionIdentity } from './session.js';

/** What the routes of an endpoint work on. */
export class EndpointParts {
  readonly keepAlive: KeepAlive;
  /** Transport of all requests without a session. */
  readonly shared: MultiplexTransport;
  readonly sessions: SessionRegistry | undefined;
  readonly resumption: Resumption | undefined;
  private readonly dispatcher: DirectDispatcher;
  private readonly sharedServer: Server;

  constructor(readonly options: McpEndpointOptions) {
    const { dispatcher, logger, keepAliveInterval, sessions } = options;
    this.keepAlive = new KeepAlive(keepAliveInterval);
    this.dispatcher = new DirectDispatcher(dispatcher, logger);
    this.shared = this.createTransport();
    this.sharedServer = createSharedServer(options);
    if (sessions === false) return;
    const { resumption, sharing } = sessions;
    if (resumption) this.resumption = new Resumption(resumption, logger);
    this.sessions = new SessionRegistry({
      limits: sessions,
      ids: sharing ? new SealedSessionIds(sharing) : new RandomSessionIds(),
      ended: new EndedSessions(sharing?.store, logger),
      create: (known) => this.createSession(known),
    });
  }

  async start(): Promise<void> {
    this.keepAlive.start();
    this.sessions?.start();
    if (this.sessions) this.resumption?.start(this.sessions);
    await this.sharedServer.connect(this.shared);
  }

  async close(): Promise<void> {
    this.keepAlive.stop();
    this.resumption?.stop();
    await this.sessions?.closeAll();
    await this.sharedServer.close();
  }

  private createSession(known: SessionIdentity): Session {
    const { sessions, subscriptions } = this.options;
    const isShared = sessions && sessions.sharing;
    const transport = this.createTransport({
      sessionId: known.id,
      subscriptions: new ResourceSubscriptions(subscriptions.maxResources),
      requestPrefix: isShared
        ? randomBytes(9).toString('base64url')
        : undefined,
    });
    const server = createSessionServer(this.options, (level) =>
      transport.logThreshold.set(level),
    );
    transport.server = server;
    const streams = this.resumption?.streamsOf(known.key);
    return new Session(known, { transport, server, streams });
  }

  private createTransport(
    session: Pick<
      MultiplexTransportOptions,
      'sessionId' | 'requestPrefix' | 'subscriptions'
    > = {},
  ): MultiplexTransport {
    const { logger, capabilities } = this.options;
    return new MultiplexTransport({
      dispatcher: this.dispatcher,
      logger,
      logging: capabilities.logging !== undefined,
      ...session,
    });
  }
}
