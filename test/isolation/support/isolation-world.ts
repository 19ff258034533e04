import type { INestApplication, Type } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  ClientSecret,
  KeycardModule,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { expect, vi } from 'vitest';
import { McpServerRegistry } from '../../../lib/mcp/server/mcp-server.registry.js';
import type { McpServer } from '../../../lib/mcp/server/mcp-server.js';
import { boot, RecordingLogger } from '../../support/boot.js';
import { findFreePort } from '../../support/free-port.js';
import { ADA, CALENDAR, IsolationToolsModule } from './isolation-tools.js';

export interface IsolationOptions extends Partial<KeycardModuleOptions> {
  readonly users?: readonly string[];
  /** An API the tools call for their users. */
  readonly api?: string;
  /** With the tools. */
  readonly module?: Type;
}

const NO_CALL = { calls: 0, serverRequests: 0, streams: 0, exchanges: 0 };

/** A zone and an application that serves its tools to users with real tokens. */
export class IsolationWorld {
  private constructor(
    readonly url: string,
    readonly zone: LocalZone,
    readonly application: INestApplication,
    readonly logger: RecordingLogger,
    private readonly tokens: ReadonlyMap<string, string>,
  ) {}

  static async start(
    adapter: AbstractHttpAdapter,
    {
      users = [ADA],
      api = CALENDAR,
      module = IsolationToolsModule,
      ...options
    }: IsolationOptions = {},
  ): Promise<IsolationWorld> {
    const port = await findFreePort();
    const url = `http://localhost:${port}/mcp`;
    const zone = await startZone(url, api, users);
    const tokens = new Map<string, string>();
    for (const user of users) {
      tokens.set(user, (await zone.login(user)).accessToken);
    }
    const logger = new RecordingLogger();
    const application = await boot(
      {
        module: class IsolationModule {},
        imports: [
          module,
          KeycardModule.forRoot({
            zoneUrl: zone.issuer,
            resourceUrl: url,
            applicationCredential: new ClientSecret(CLIENT),
            ...options,
          }),
        ],
      },
      { adapter, port, logger },
    );
    return new IsolationWorld(url, zone, application, logger, tokens);
  }

  get server(): McpServer {
    return this.application.get(McpServerRegistry).all[0]!;
  }

  /** The credentials of a user. */
  bearer(user = ADA): { authorization: string } {
    return { authorization: `Bearer ${this.tokens.get(user)}` };
  }

  /** Fails when a call, a stream or a question to a client is left behind. */
  async expectIdle(): Promise<void> {
    await vi.waitFor(() => expect(this.server.stats()).toMatchObject(NO_CALL), {
      timeout: 5_000,
    });
  }

  async stop(): Promise<void> {
    await this.application.close();
    await this.zone.stop();
  }
}

const APPLICATION = 'assistant';
const CLIENT = {
  clientId: 'assistant',
  clientSecret: 'assistant-secret-value',
};

function startZone(
  url: string,
  api: string,
  users: readonly string[],
): Promise<LocalZone> {
  const zone = LocalZone.create()
    .resource(url, { scopes: ['mcp:tools'], ownedBy: APPLICATION })
    .resource(api, { scopes: ['events'], userConnected: true })
    .application(APPLICATION, { clients: [CLIENT], dependsOn: [api] });
  for (const user of users) {
    zone.user({ id: user });
    zone.grant({ user, application: APPLICATION, resource: api });
  }
  return zone.start();
}
