import type { INestApplication, Provider } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { KeycardModule, type KeycardModuleOptions } from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { boot, RecordingLogger } from './boot.js';
import { findFreePort } from './free-port.js';
import { NotePrompts, NoteResources } from './notes.fixture.js';

/** Callers: two users, and one of them as an administrator. */
export type Caller = 'ada' | 'bob' | 'root';

/** A real zone and an application with resources and prompts. */
export class NotesWorld {
  private constructor(
    readonly url: string,
    readonly zone: LocalZone,
    readonly logger: RecordingLogger,
    readonly application: INestApplication,
    private readonly tokens: Readonly<Record<Caller, string>>,
  ) {}

  static async start(
    adapter: AbstractHttpAdapter,
    options: Partial<KeycardModuleOptions> = {},
    providers: Provider[] = [NoteResources, NotePrompts],
  ): Promise<NotesWorld> {
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
    const application = await boot(
      {
        module: class NotesModule {},
        imports: [
          KeycardModule.forRoot({
            zoneUrl: zone.issuer,
            resourceUrl: url,
            requiredScopes: 'mcp:tools',
            ...options,
          }),
        ],
        providers,
      },
      { adapter, port, logger },
    );
    return new NotesWorld(url, zone, logger, application, tokens);
  }

  /** Headers of a caller. */
  bearer(caller: Caller = 'ada'): Record<string, string> {
    return { authorization: `Bearer ${this.tokens[caller]}` };
  }

  async stop(): Promise<void> {
    await this.application.close();
    await this.zone.stop();
  }
}
