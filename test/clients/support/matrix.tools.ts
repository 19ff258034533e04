import { Injectable, NotFoundException } from '@nestjs/common';
import { McpContext, McpTool, Principal } from 'nestjs-keycard';
import { z } from 'zod';
import { ToolRecord } from '../../mcp/modern/support/modern-tools.js';

/** What the tools saw of a call. */
export const record = new ToolRecord();

/** One tool for each thing that a client can do with one. */
@Injectable()
export class MatrixTools {
  @McpTool({ description: 'Tells who calls, and how' })
  whoami({ subject, scopes }: Principal, context: McpContext) {
    const { era, protocolVersion, sessionId } = context;
    const inSession = sessionId !== undefined;
    return { subject, scopes, era, protocolVersion, inSession };
  }

  @McpTool({
    description: 'Adds',
    input: z.object({ a: z.number(), b: z.number() }),
    output: z.object({ sum: z.number() }),
  })
  add({ a, b }: { a: number; b: number }) {
    return { sum: a + b };
  }

  @McpTool({ description: 'Counts to three' })
  async count(context: McpContext) {
    for (const step of [1, 2, 3]) {
      await context.progress(step, 3, `step ${step}`);
    }
    return 'counted';
  }

  @McpTool({ description: 'Logs at three levels' })
  async chat(context: McpContext) {
    await context.log('debug', 'not for everybody');
    await context.log('info', { step: 1 }, 'chat');
    await context.log('error', 'done');
    return 'logged';
  }

  @McpTool({ description: 'Says nothing until it is stopped', timeout: 0 })
  async brood({ signal }: McpContext) {
    record.started.resolve();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    record.aborted.resolve(signal.reason);
  }

  @McpTool({ description: 'Asks before it acts' })
  async confirm(context: McpContext) {
    return context.elicit('confirm', {
      message: 'Really?',
      schema: z.object({ sure: z.boolean() }),
    });
  }

  @McpTool({ description: 'Fails' })
  fail() {
    throw new NotFoundException('There is no such thing.');
  }

  @McpTool({ description: 'Needs a larger scope', scopes: 'admin' })
  purge({ scopes }: Principal) {
    return { purged: true, scopes };
  }
}
