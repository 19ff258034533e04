import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Narrator } from './narrator.js';
import type { ScriptedUser } from './scripted-user.js';
import { createToldFetch } from './told-fetch.js';

/** The official MCP client, signing in whenever the server asks for it. */
export class DemoClient {
  private client: Client;
  private transport: StreamableHTTPClientTransport;

  constructor(
    private readonly url: string,
    private readonly user: ScriptedUser,
    private readonly narrator: Narrator,
  ) {}

  async connect(): Promise<void> {
    await this.withLogin(async () => {
      this.transport = new StreamableHTTPClientTransport(new URL(this.url), {
        authProvider: this.user,
        fetch: createToldFetch(this.narrator),
      });
      this.client = new Client({ name: 'demo', version: '1.0.0' });
      await this.client.connect(this.transport);
    });
  }

  async listTools(): Promise<string[]> {
    const { tools } = await this.client.listTools();
    return tools.map(({ name }) => name);
  }

  async call(
    name: string,
    input: Record<string, unknown> = {},
  ): Promise<CallToolResult> {
    const result = await this.withLogin(() =>
      this.client.callTool({ name, arguments: input }),
    );
    return result as CallToolResult;
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** A login interrupts whatever needed it, which is then done again. */
  private async withLogin<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const code = this.user.codes.pop();
      if (!(error instanceof UnauthorizedError) || !code) throw error;
      await this.transport.finishAuth(code);
      return action();
    }
  }
}
