import type { INestApplication } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { boot } from '../../support/boot.js';
import { findFreePort } from '../../support/free-port.js';
import { EverythingModule } from './everything.module.js';

const SCOPE = 'mcp:tools';

/** The application under test, a zone that protects it, and a user's token. */
export class EverythingServer implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly token: string,
    private readonly zone: LocalZone,
    private readonly application: INestApplication,
  ) {}

  static async start(adapter: AbstractHttpAdapter): Promise<EverythingServer> {
    const port = await findFreePort();
    const url = `http://localhost:${port}/mcp`;
    const zone = await LocalZone.create()
      .user({ id: 'usr_ada' })
      .application('everything')
      .resource(url, { scopes: [SCOPE], ownedBy: 'everything' })
      .start();
    const module = EverythingModule.forRoot({
      zoneUrl: zone.issuer,
      resourceUrl: url,
      requiredScopes: SCOPE,
    });
    const application = await boot(module, { adapter, port });
    const { accessToken } = await zone.login('usr_ada', { scope: SCOPE });
    return new EverythingServer(url, accessToken, zone, application);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.application.close();
    await this.zone.stop();
  }
}
