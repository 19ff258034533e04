import type {
  DynamicModule,
  INestApplication,
  Provider,
  Type,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  ClientSecret,
  KeycardModule,
  type KeycardModuleOptions,
} from 'nestjs-keycard';
import { LocalZone } from 'nestjs-keycard/local-zone';
import { boot, RecordingLogger } from '../../support/boot.js';
import { bearer, post, request } from '../../support/post.js';

export const MCP = 'http://localhost:8000/mcp';
export const CALENDAR = 'https://calendar.example.test';
export const MAIL = 'https://mail.example.test';

const APPLICATION = 'assistant';
const CREDENTIAL = new ClientSecret('assistant', 'assistant-secret-value');

/** What an application is made of, besides the module under test. */
export interface ToolApplication {
  readonly providers?: Provider[];
  readonly imports?: (Type | DynamicModule)[];
  readonly controllers?: Type[];
  readonly options?: Partial<KeycardModuleOptions>;
  readonly adapter?: AbstractHttpAdapter;
  readonly configure?: (application: INestApplication) => void;
}

/** What a client of a tool sees. */
export interface ToolAnswer {
  readonly result?: {
    readonly content: { readonly type: string; readonly text: string }[];
    readonly structuredContent?: any;
    readonly isError?: boolean;
  };
  readonly error?: { readonly code: number; readonly message: string };
}

/** An application that serves its tools to callers with real tokens. */
export class ServedTools {
  constructor(
    readonly application: INestApplication,
    readonly logger: RecordingLogger,
    private readonly url: string,
    private readonly world: ToolWorld,
  ) {}

  /** Calls a tool over HTTP. */
  async call(
    name: string,
    input: object = {},
    headers: Record<string, string> = {},
  ): Promise<ToolAnswer> {
    const body = request('tools/call', { name, arguments: input });
    return this.send(body, headers);
  }

  /** Text of the first content block of a call. */
  async text(
    name: string,
    input: object = {},
    headers: Record<string, string> = {},
  ): Promise<string> {
    const { result } = await this.call(name, input, headers);
    return result!.content[0]!.text;
  }

  /** The tools, as they are listed. */
  async list(): Promise<{ name: string; inputSchema: any }[]> {
    const { result } = await this.send(request('tools/list'));
    return result.tools;
  }

  async names(): Promise<string[]> {
    return (await this.list()).map(({ name }) => name);
  }

  async send(
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<any> {
    const answer = await post(this.url, body, {
      ...bearer(this.world.token),
      ...headers,
    });
    return answer.json;
  }
}

/** A real zone, and applications that live as long as one test. */
export class ToolWorld {
  private readonly applications: INestApplication[] = [];

  private constructor(
    readonly zone: LocalZone,
    /** Of the user `usr_ada`. */
    readonly token: string,
  ) {}

  static async start(): Promise<ToolWorld> {
    const zone = await LocalZone.create()
      .user({ id: 'usr_ada' })
      .user({ id: 'usr_bob' })
      .resource(MCP, { scopes: ['mcp:tools'], ownedBy: APPLICATION })
      .resource(CALENDAR, { scopes: ['events'], userConnected: true })
      .resource(MAIL, { scopes: ['mail'], userConnected: true })
      .application(APPLICATION, {
        clients: [
          { clientId: 'assistant', clientSecret: 'assistant-secret-value' },
        ],
        dependsOn: [CALENDAR, MAIL],
      })
      .grant({
        user: 'usr_ada',
        application: APPLICATION,
        resource: CALENDAR,
      })
      .start();
    const { accessToken } = await zone.login('usr_ada');
    return new ToolWorld(zone, accessToken);
  }

  /** Metadata of a module that serves the tools. */
  moduleOf({ imports, controllers, providers, options }: ToolApplication) {
    return {
      imports: [
        ...(imports ?? []),
        KeycardModule.forRoot({
          zoneUrl: this.zone.issuer,
          resourceUrl: MCP,
          applicationCredential: CREDENTIAL,
          ...options,
        }),
      ],
      controllers: controllers ?? [],
      providers: providers ?? [],
    };
  }

  async serve(tools: ToolApplication): Promise<ServedTools> {
    const logger = new RecordingLogger();
    const application = await boot(
      { module: class ToolsModule {}, ...this.moduleOf(tools) },
      { adapter: tools.adapter, configure: tools.configure, logger },
    );
    return this.served(application, logger);
  }

  /** An application that listens already. */
  async served(
    application: INestApplication,
    logger = new RecordingLogger(),
  ): Promise<ServedTools> {
    this.applications.push(application);
    const url = new URL('/mcp', await application.getUrl());
    url.hostname = 'localhost';
    return new ServedTools(application, logger, url.href, this);
  }

  /** Ends the applications of a test. */
  async closeAll(): Promise<void> {
    const closing = this.applications.splice(0);
    await Promise.all(closing.map((application) => application.close()));
  }

  async stop(): Promise<void> {
    await this.closeAll();
    await this.zone.stop();
  }
}
