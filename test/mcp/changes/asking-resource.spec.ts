import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Injectable } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { elicitForm, McpContext, McpResource } from 'nestjs-keycard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModernWorld } from '../modern/support/modern-world.js';

const ASK = {
  message: 'Really?',
  schema: { type: 'object', properties: {} },
};

@Injectable()
class Diary {
  @McpResource('diary://now')
  async askNow(context: McpContext) {
    const { action } = await context.elicit('sure', ASK);
    return action;
  }

  @McpResource('diary://later')
  askLater(context: McpContext) {
    const answered = context.inputResponses['sure'];
    if (answered) return 'answered';
    return context.requireInput({ requests: { sure: elicitForm(ASK) } });
  }
}

describe('a resource that asks whoever reads it', () => {
  let world: ModernWorld;
  let client: Client;
  let asked = 0;

  beforeAll(async () => {
    world = await ModernWorld.start(new ExpressAdapter(), {}, Diary);
    client = new Client(
      { name: 'reader', version: '1.0.0' },
      { capabilities: { elicitation: {} } },
    );
    client.setRequestHandler(ElicitRequestSchema, () => {
      asked += 1;
      return { action: 'accept', content: {} };
    });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(world.url), {
        requestInit: { headers: world.bearer() },
      }),
    );
  });
  afterAll(async () => {
    await client.close();
    await world.stop();
  });

  it.each(['diary://now', 'diary://later'])(
    '%s is read, and not subscribed to',
    async (uri) => {
      asked = 0;
      const { contents } = await client.readResource({ uri });
      expect(contents).toHaveLength(1);
      expect(asked).toBe(1);
      await expect(client.subscribeResource({ uri })).rejects.toMatchObject({
        code: -32600,
        message: expect.stringContaining('it can only be read'),
      });
      expect(asked).toBe(1);
      expect(world.logger.text).not.toMatch(/error/i);
    },
  );
});
