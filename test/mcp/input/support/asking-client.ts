import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { REVISION } from '../../modern/support/modern-messages.js';

/** The official clients, and the ways they can speak. */
export const KINDS = ['v1', 'v2 legacy', 'v2 auto', 'v2 pinned'] as const;
export type ClientKind = (typeof KINDS)[number];

export const MODES = {
  'v2 legacy': 'legacy',
  'v2 auto': 'auto',
  'v2 pinned': { pin: REVISION },
} as const;

export function isModern(kind: ClientKind): boolean {
  return kind === 'v2 auto' || kind === 'v2 pinned';
}

export const ALL_CAPABILITIES = {
  elicitation: { form: {}, url: {} },
  sampling: {},
  roots: {},
};

/** What a client is asked, and how it answers. */
export interface Script {
  readonly capabilities?: object;
  /** Answers a form or a page. */
  readonly elicit?: (params: any, signal: AbortSignal) => unknown;
}

const THOUGHT = {
  role: 'assistant',
  model: 'test-model',
  content: { type: 'text', text: 'Hello' },
};
const ROOTS = { roots: [{ uri: 'file:///work', name: 'work' }] };

/** A client of any kind, which answers by a script. */
export class AskedClient {
  /** Params of the forms and pages it was asked, in their order. */
  readonly asked: any[] = [];

  private constructor(private readonly client: any) {}

  static async connect(
    kind: ClientKind,
    url: string,
    headers: Record<string, string>,
    { capabilities = ALL_CAPABILITIES, elicit }: Script = {},
  ): Promise<AskedClient> {
    const info = { name: kind, version: '1.0.0' };
    const client: any =
      kind === 'v1'
        ? new Client(info, { capabilities })
        : new ModernClient(info, {
            capabilities,
            versionNegotiation: { mode: MODES[kind] },
          });
    const asked = new AskedClient(client);
    const answer = (request: any, extra: any) => {
      asked.asked.push(request.params);
      const signal: AbortSignal = extra.signal ?? extra.mcpReq.signal;
      return elicit?.(request.params, signal);
    };
    const declared = Object.keys(capabilities);
    const handle = (capability: string, schemas: any[], handler: unknown) => {
      if (!declared.includes(capability)) return;
      const [schema, method] = schemas;
      client.setRequestHandler(kind === 'v1' ? schema : method, handler);
    };
    handle('elicitation', [ElicitRequestSchema, 'elicitation/create'], answer);
    handle(
      'sampling',
      [CreateMessageRequestSchema, 'sampling/createMessage'],
      () => THOUGHT,
    );
    handle('roots', [ListRootsRequestSchema, 'roots/list'], () => ROOTS);
    const Transport =
      kind === 'v1' ? StreamableHTTPClientTransport : ModernTransport;
    await client.connect(
      new Transport(new URL(url), { requestInit: { headers } }),
    );
    return asked;
  }

  async call(
    name: string,
    options: object = {},
    params: object = {},
  ): Promise<any> {
    const request = { name, arguments: {}, ...params };
    return this.client instanceof Client
      ? this.client.callTool(request, undefined, options)
      : this.client.callTool(request, options);
  }

  /** What the server logs from now on. */
  hearLogs(): unknown[] {
    const heard: unknown[] = [];
    const method =
      this.client instanceof Client
        ? LoggingMessageNotificationSchema
        : 'notifications/message';
    this.client.setNotificationHandler(method, ({ params }: any) => {
      const { level, data, logger } = params;
      heard.push({ level, data, logger });
    });
    return heard;
  }

  /** The structured content of a tool's result. */
  async ask(name: string): Promise<any> {
    const result = await this.call(name);
    return result.structuredContent ?? result;
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
