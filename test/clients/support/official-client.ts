import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import {
  isModern,
  MODES,
  type ClientKind,
} from '../../mcp/input/support/asking-client.js';
import { LOG_META } from '../../mcp/modern/support/modern-messages.js';
import { RecordedFetch } from './recorded-fetch.js';

const CAPABILITIES = { elicitation: { form: {} } };

/** How a client proves who it is: with a token it has, or by signing in. */
export interface Credentials {
  readonly headers?: Record<string, string>;
  readonly authProvider?: object;
}

/** An official client of either version, used in one way. */
export class OfficialClient {
  readonly wire = new RecordedFetch();
  /** What it was asked. */
  readonly asked: any[] = [];
  /** The client as it is, for what both versions do alike. */
  readonly sdk: any;
  private readonly transport: any;
  private readonly isFirst: boolean;

  constructor(
    readonly kind: ClientKind,
    url: string,
    { headers, authProvider }: Credentials,
  ) {
    const info = { name: kind, version: '1.0.0' };
    const address = new URL(url);
    const options: any = {
      requestInit: { headers },
      authProvider,
      fetch: this.wire.fetch,
    };
    this.isFirst = kind === 'v1';
    if (kind === 'v1') {
      this.sdk = new Client(info, { capabilities: CAPABILITIES });
      this.transport = new StreamableHTTPClientTransport(address, options);
    } else {
      this.sdk = new ModernClient(info, {
        capabilities: CAPABILITIES,
        versionNegotiation: { mode: MODES[kind] },
      });
      this.transport = new ModernTransport(address, options);
    }
  }

  async connect(): Promise<this> {
    await this.sdk.connect(this.transport);
    return this;
  }

  /** The era that the client believes it speaks; version 1 knows only one. */
  get era(): string {
    return this.isFirst ? 'legacy' : this.sdk.getProtocolEra();
  }

  /** Redeems what the browser came back with. */
  finishSignIn(answer: URLSearchParams): Promise<void> {
    const code = this.isFirst ? answer.get('code') : answer;
    return this.transport.finishAuth(code);
  }

  /** Pages of tools: version 2 turns them itself. */
  async *pages(): AsyncGenerator<any[]> {
    let cursor: string | undefined;
    do {
      const page = await this.sdk.listTools(cursor ? { cursor } : undefined);
      yield page.tools;
      cursor = page.nextCursor;
    } while (cursor);
  }

  /** Names of all tools. */
  async toolNames(): Promise<string[]> {
    const names: string[] = [];
    for await (const page of this.pages()) {
      names.push(...page.map(({ name }) => name));
    }
    return names;
  }

  async call(name: string, input = {}, options = {}, meta = {}): Promise<any> {
    const params = { name, arguments: input, _meta: meta };
    return this.isFirst
      ? this.sdk.callTool(params, undefined, options)
      : this.sdk.callTool(params, options);
  }

  /** Accepts every form with this content. */
  accept(content: object): void {
    this.sdk.setRequestHandler(
      this.isFirst ? ElicitRequestSchema : 'elicitation/create',
      ({ params }: any) => {
        this.asked.push(params);
        return { action: 'accept', content };
      },
    );
  }

  /** Calls a tool and hears what it logs from a level on. */
  async callAndHear(name: string, level: string): Promise<unknown[]> {
    const heard: unknown[] = [];
    this.sdk.setNotificationHandler(
      this.isFirst ? LoggingMessageNotificationSchema : 'notifications/message',
      ({ params }: any) => {
        heard.push([params.level, params.data, params.logger]);
      },
    );
    // The level belongs to a session, or to each call where there is none.
    const modern = isModern(this.kind);
    if (!modern) await this.sdk.setLoggingLevel(level);
    await this.call(name, {}, {}, modern ? { [LOG_META]: level } : {});
    return heard;
  }

  async close(): Promise<void> {
    await this.sdk.close();
  }
}
