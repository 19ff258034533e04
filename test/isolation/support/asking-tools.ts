import { ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { Injectable, Module } from '@nestjs/common';
import {
  AccessContext,
  Grant,
  McpContext,
  McpTool,
} from '../../../lib/index.js';
import type { CallContext } from '../../../lib/mcp/transport/call-context.js';

export const CALENDAR = 'https://calendar.example.test';

const QUESTION = {
  method: 'elicitation/create' as const,
  params: {
    message: 'Really?',
    requestedSchema: { type: 'object' as const, properties: {} },
  },
};

/** What a client can begin and then abandon. */
@Injectable()
export class AskingTools {
  @McpTool({ description: 'Asks its client, in a session', timeout: 0 })
  async ask(context: McpContext) {
    const call = context as CallContext;
    const answer = await call.sendRequest(QUESTION, ElicitResultSchema);
    return answer.action;
  }

  @McpTool({ description: 'Needs a grant' })
  @Grant(CALENDAR)
  granted(access: AccessContext) {
    return access.getStatus();
  }
}

@Module({ providers: [AskingTools] })
export class AskingToolsModule {}
