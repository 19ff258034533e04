import type { INestApplication, Type } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { KeycardModule, type KeycardModuleOptions } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { boot, RecordingLogger } from '../../../support/boot.js';
import { findFreePort } from '../../../support/free-port.js';
import { post } from '../../../support/post.js';
import { modernRequest, standardHeaders } from './modern-messages.js';
import { ModernTools } from './modern-tools.js';

export const STATE_SECRET = 'a-secret-of-more-than-32-characters';

/** A real zone and a real application, with tokens of its users. */
export class ModernWorld {
  private constructor(
    readonly url: string,
    readonly zone: LocalZone,
    readonly logger: RecordingLogger,
    readonly application: INestApplication,
    readonly tokens: Readonly<Record<'ada' | 'bob' | 'root', string>>,
  ) {}

  static async start(
    adapter: AbstractHttpAdapter,
    options: Partial<KeycardModuleOptions> = {},
    tools: Type = ModernTools,
  ): Promise<ModernWorld> {
    const port = await findFreePort();
    const url = `http://localhost:${port}/mcp`;
    const zone = await LocalZone.create()
      .user({ id: 'usr_ada' })
      .user({ id: 'usr_bob' })
      .resource(url, { scopes: ['mcp:tools', 'admin'], ownedBy: 'assistant' })
      .application('assistant', {
        clients: [{ clientId: 'assistant', clientSecret: 'secret-value' }],
      })
      .start();
    const login = async (user: string, scope: string) =>
      (await zone.login(user, { scope })).accessToken;
    const tokens = {
      ada: await login('usr_ada', 'mcp:tools'),
      bob: await login('usr_bob', 'mcp:tools'),
      root: await login('usr_ada', 'mcp:tools admin'),
    };
    const logger = new RecordingLogger();
    class ModernModule {}
    const application = await boot(
      {
        module: ModernModule,
        imports: [
          KeycardModule.forRoot({
            zoneUrl: zone.issuer,
            resourceUrl: url,
            requiredScopes: 'mcp:tools',
            ...options,
            mcp: { stateSecret: STATE_SECRET, ...options.mcp },
          }),
        ],
        providers: [tools],
      },
      { adapter, port, logger },
    );
    return new ModernWorld(url, zone, logger, application, tokens);
  }

  /** Headers of a caller. */
  bearer(user: keyof ModernWorld['tokens'] = 'ada'): Record<string, string> {
    return { authorization: `Bearer ${this.tokens[user]}` };
  }

  /** Sends a body as it is, with the headers that belong to it. */
  async send(
    body: any,
    headers: Record<string, string> = {},
    user: keyof ModernWorld['tokens'] = 'ada',
  ) {
    return post(this.url, body, {
      ...standardHeaders(body),
      ...this.bearer(user),
      ...headers,
    });
  }

  /** Calls a tool. Members of `extra` go beside name and arguments. */
  async call(
    name: string,
    input: object = {},
    { user = 'ada', headers = {}, meta = {}, ...extra }: CallOptions = {},
  ) {
    const params = { name, arguments: input, ...extra };
    const body = modernRequest('tools/call', params, meta);
    return this.send(body, headers, user);
  }

  async stop(): Promise<void> {
    await this.application.close();
    await this.zone.stop();
  }
}

export interface CallOptions {
  readonly user?: 'ada' | 'bob' | 'root';
  readonly headers?: Record<string, string>;
  readonly meta?: Record<string, unknown>;
  readonly [member: string]: unknown;
}
