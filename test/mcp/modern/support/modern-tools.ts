import { Injectable } from '@nestjs/common';
import {
  InsufficientScopeException,
  JsonRpcError,
  McpContext,
  McpTool,
  Principal,
} from 'nestjs-keycard';
import { z } from 'zod';
import {
  elicitForm,
  elicitUrl,
  requestSampling,
} from '../../../../lib/mcp/input/input-request.js';

const CONFIRMATION = elicitForm({
  message: 'Really?',
  schema: {
    type: 'object',
    properties: { ok: { type: 'boolean' } },
    required: ['ok'],
  },
});

/** Settled from outside, so that nothing depends on time. */
export class Signal<T = void> {
  readonly promise: Promise<T>;
  resolve: (value: T) => void = () => {};

  constructor() {
    this.promise = new Promise((resolve) => (this.resolve = resolve));
  }
}

/** What the tools did, for the tests to look at. */
export class ToolRecord {
  runs: string[] = [];
  contexts: McpContext[] = [];
  /** Calls that wait for each other. */
  present = 0;
  started = new Signal();
  aborted = new Signal<unknown>();

  reset(): void {
    this.runs = [];
    this.contexts = [];
    this.present = 0;
    this.started = new Signal();
    this.aborted = new Signal<unknown>();
  }
}

export const record = new ToolRecord();

@Injectable()
export class ModernTools {
  @McpTool({ description: 'Tells who calls, and how' })
  whoami(principal: Principal, context: McpContext) {
    record.runs.push('whoami');
    record.contexts.push(context);
    return {
      subject: principal.subject,
      clientId: principal.clientId,
      same: context.principal === principal,
      era: context.era,
      session: context.sessionId ?? null,
      header: context.headers['x-tag'] ?? null,
    };
  }

  @McpTool({
    description: 'Adds',
    input: z.object({ a: z.number(), b: z.number() }),
    output: z.object({ sum: z.number() }),
  })
  add({ a, b }: { a: number; b: number }) {
    return { sum: a + b };
  }

  @McpTool({
    input: z.object({ echo: z.string() }),
    description: 'Says it again',
  })
  echo({ echo }: { echo: string }, context: McpContext) {
    return { echo, id: context.requestId };
  }

  @McpTool({
    input: z.object({ tag: z.number(), of: z.number() }),
    description: 'Waits until so many are here',
    timeout: 0,
  })
  async meet({ tag, of }: { tag: number; of: number }, context: McpContext) {
    record.present += 1;
    if (record.present === of) record.started.resolve();
    await record.started.promise;
    return { tag, id: context.requestId, who: context.principal.subject };
  }

  @McpTool({ description: 'Reports as it goes' })
  async count(context: McpContext) {
    await context.log('debug', 'quiet');
    await context.progress(1, 3, 'one');
    await context.progress(1, 3, 'again');
    await context.log('warning', { loud: true }, 'counter');
    await context.progress(3, 3);
    return 'counted';
  }

  @McpTool({ description: 'Runs until it is stopped', timeout: 0 })
  async wait(context: McpContext) {
    await context.progress(1);
    record.started.resolve();
    await new Promise((resolve) =>
      context.signal.addEventListener('abort', resolve),
    );
    record.aborted.resolve(context.signal.reason);
    await context.progress(2);
    throw new Error('stopped');
  }

  @McpTool({ description: 'Says nothing until it is stopped', timeout: 0 })
  async brood(context: McpContext) {
    record.started.resolve();
    await new Promise((resolve) =>
      context.signal.addEventListener('abort', resolve),
    );
    record.aborted.resolve(context.signal.reason);
    return 'nobody reads this';
  }

  @McpTool({ description: 'Takes too long', timeout: 1 })
  async dawdle(context: McpContext) {
    await new Promise((resolve) =>
      context.signal.addEventListener('abort', resolve),
    );
    record.aborted.resolve(context.signal.reason);
  }

  @McpTool({ description: 'Needs a scope', scopes: 'admin' })
  purge() {
    record.runs.push('purge');
    return 'purged';
  }

  @McpTool({
    description: 'Needs a scope for some arguments',
    input: z.object({
      deep: z.boolean(),
      early: z.enum(['awaited', 'loose']).optional(),
    }),
  })
  async dig(
    { deep, early }: { deep: boolean; early?: string },
    context: McpContext,
  ) {
    const sent = early && context.progress(1);
    if (early === 'awaited') await sent;
    if (deep) throw new InsufficientScopeException(['admin']);
    return 'dug';
  }

  @McpTool({ description: 'Fails on purpose' })
  refuse() {
    throw new JsonRpcError(-32050, 'not today', { retry: 'tomorrow' });
  }

  @McpTool({ description: 'Uses a code this revision does not have' })
  retired() {
    throw new JsonRpcError(-32042, 'secret', { secret: 1 });
  }

  @McpTool({ description: 'Fails' })
  explode() {
    throw new Error('secret-of-the-database');
  }

  @McpTool({ description: 'Answers with what is not JSON' })
  async broken(context: McpContext) {
    await Promise.resolve(context);
    return { content: [{ type: 'text', text: 'x', _meta: { n: 1n } }] };
  }

  @McpTool({
    description: 'Is routed by its arguments',
    input: {
      type: 'object',
      properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        size: { type: 'integer', 'x-mcp-header': 'Size' },
        deep: {
          type: 'object',
          properties: { flag: { type: 'boolean', 'x-mcp-header': 'Flag' } },
        },
      },
    },
  })
  routed(input: { region?: string }) {
    record.runs.push('routed');
    return `to ${input.region}`;
  }

  @McpTool({
    description: 'Asks first',
    input: z.object({ target: z.string() }),
  })
  deploy({ target }: { target: string }, context: McpContext) {
    record.runs.push('deploy');
    const { confirm } = context.inputResponses;
    const asked = context.requestState<{ asked: number }>()?.asked ?? 0;
    if (!confirm) {
      context.requireInput({
        requests: { confirm: CONFIRMATION },
        state: { asked: asked + 1 },
      });
    }
    const { action, content } = confirm as { action: string; content: unknown };
    return { target, asked, action, content };
  }

  @McpTool({
    description: 'Deploys too',
    input: z.object({ target: z.string() }),
  })
  deployAgain({ target }: { target: string }, context: McpContext) {
    return this.deploy({ target }, context);
  }

  @McpTool({ description: 'Sends the user to a page' })
  connect(context: McpContext) {
    context.requireInput({
      requests: {
        page: elicitUrl({ message: 'Connect', url: 'https://example.test/c' }),
        text: requestSampling({ messages: [], maxTokens: 1 }),
      },
    });
  }
}
