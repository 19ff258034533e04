import { setTimeout as delay } from 'node:timers/promises';
import {
  ElicitResultSchema,
  EmptyResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import {
  JsonRpcError,
  JsonRpcErrorCode,
} from '../../../../lib/mcp/json-rpc.error.js';
import type { McpLogLevel } from '../../../../lib/mcp/context/log-level.js';
import { elicitForm } from '../../../../lib/mcp/input/input-request.js';
import type { CallContext } from '../../../../lib/mcp/transport/call-context.js';
import type {
  McpRequest,
  MethodDispatcher,
} from '../../../../lib/mcp/transport/transport.interfaces.js';

type Arguments = Record<string, unknown>;
type Tool = (input: Arguments, context: CallContext) => unknown;

const METHODS = new Set([
  'tools/list',
  'tools/call',
  'prompts/get',
  'completion/complete',
]);

export function text(value: unknown): object {
  return { content: [{ type: 'text', text: String(value) }] };
}

/** Tools that do what a transport can get wrong. */
export class FakeDispatcher implements MethodDispatcher {
  timeout = 0;
  /** Contexts of calls to `hang`, by the `tag` they were called with. */
  readonly hanging = new Map<unknown, CallContext>();
  readonly started: string[] = [];
  /** Why requests to the client failed that no tool waited for. */
  readonly rejections: string[] = [];
  private readonly releases = new Map<unknown, (value: unknown) => void>();
  private readonly waiting = new Map<unknown, () => void>();

  handles(method: string): boolean {
    return METHODS.has(method);
  }

  timeoutOf({ params }: McpRequest): number {
    const input = params?.['arguments'] as Arguments | undefined;
    return Number(input?.['timeout'] ?? this.timeout);
  }

  dispatch(request: McpRequest, context: CallContext): unknown {
    if (request.method === 'tools/list') return { tools: [TOOL] };
    const { name, arguments: input } = request.params ?? {};
    this.started.push(String(name));
    const tool = this.tools[String(name)];
    if (!tool) {
      throw new JsonRpcError(JsonRpcErrorCode.InvalidParams, 'Unknown tool', {
        name,
      });
    }
    return tool((input ?? {}) as Arguments, context);
  }

  /** Settles once a call to `hang` with this tag is running. */
  async running(tag: unknown): Promise<CallContext> {
    if (!this.hanging.has(tag)) {
      await new Promise<void>((resolve) => this.waiting.set(tag, resolve));
    }
    return this.hanging.get(tag)!;
  }

  /** Lets a call to `hang` end. */
  release(tag: unknown, value: unknown = text(tag)): void {
    this.releases.get(tag)!(value);
  }

  private readonly tools: Readonly<Record<string, Tool>> = {
    echo: ({ message }) => text(message),
    later: async ({ message }) => {
      await delay(Math.random() * 5);
      return text(message);
    },
    whoami: (_, context) => {
      const { principal, sessionId, era, requestId, meta, headers } = context;
      return {
        content: [],
        structuredContent: {
          subject: principal.subject,
          token: principal.claims.jti,
          sessionId: sessionId ?? null,
          era,
          requestId,
          meta: meta ?? null,
          host: headers.host,
          client: context.clientInfo?.name ?? null,
          capabilities: context.clientCapabilities ?? null,
        },
      };
    },
    request: ({ note }, { request }) => {
      const own = Object.hasOwn(request, 'note');
      Object.assign(request, { note });
      return text(`${own} ${request.method} ${request.headers.host}`);
    },
    hang: ({ tag }, context) =>
      new Promise((resolve) => {
        this.hanging.set(tag, context);
        this.releases.set(tag, resolve);
        this.waiting.get(tag)?.();
      }),
    logs: async ({ tag, levels }, context) => {
      const wanted = (levels as McpLogLevel[] | undefined) ?? ['info'];
      for (const level of wanted) await context.log(level, tag, 'tests');
      return text(tag);
    },
    progress: async (_, context) => {
      for (const value of [1, 1, 0.5, Number.NaN, Infinity, 2]) {
        await context.progress(value, 2, `step ${value}`);
      }
      return text('done');
    },
    unwritable: async (_, context) => {
      void context.log('error', { big: 1n });
      return text('survived');
    },
    flood: async ({ size }, context) => {
      let waited = false;
      for (let sent = 0; sent < Number(size) && !waited; sent += 1) {
        const pending = context.log('error', 'x'.repeat(64 * 1024));
        const turn = await Promise.race([pending, delay(0, 'pending')]);
        waited = turn === 'pending';
      }
      return text(waited);
    },
    ask: async (_, context) => {
      const answer = await context.sendRequest(
        {
          method: 'elicitation/create',
          params: {
            message: 'Sure?',
            requestedSchema: { type: 'object', properties: {} },
          },
        },
        ElicitResultSchema,
      );
      return text(answer.action);
    },
    askBriefly: async (input, context) => {
      const request = { method: 'ping' as const };
      const options = { timeout: 10 };
      const reason = await context
        .sendRequest(request, EmptyResultSchema, options)
        .catch((error: unknown) => error);
      await this.tools['hang']!(input, context);
      return text(reason);
    },
    askAndLeave: (_, context) => {
      const request = { method: 'ping' as const };
      context
        .sendRequest(request, EmptyResultSchema)
        .catch((error: unknown) => this.rejections.push(String(error)));
      return new Promise((resolve) =>
        setImmediate(() => resolve(text('left'))),
      );
    },
    elicit: async (_, context) => {
      const { action } = await context.elicit('sure', QUESTION);
      return text(action);
    },
    require: (_, context) => {
      const { sure } = context.inputResponses;
      if (sure) return text(sure.action);
      const { message, schema } = QUESTION;
      return context.requireInput({
        requests: { sure: elicitForm({ message, schema }) },
      });
    },
    requireLater: async (input, context) => {
      await delay(0);
      return this.tools['require']!(input, context);
    },
    bigint: () => ({ content: 1n }),
    cycle: async () => {
      const result: Record<string, unknown> = {};
      result['self'] = result;
      return result;
    },
    functionResult: () => () => 'no JSON',
    nothing: () => undefined,
    boom: () => {
      throw new TypeError('secret detail');
    },
    throwsNull: async () => Promise.reject(null),
    throwsUndefined: () => {
      // oxlint-disable-next-line no-throw-literal
      throw undefined;
    },
  };
}

const QUESTION = {
  message: 'Sure?',
  schema: { type: 'object', properties: { sure: { type: 'boolean' } } },
};

const TOOL = { name: 'echo', inputSchema: { type: 'object' } };
