import { inspect } from 'node:util';
import type { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { McpServer as McpServerV2 } from '@modelcontextprotocol/server';
import {
  principalOf,
  type AuthInfo,
  type TokenExchangeService,
} from 'nestjs-keycard';
import { z } from 'zod';

/** The API that tools call, and what happened in them. */
export interface OwnRecord {
  readonly calendar: string;
  /** Names of the tools that ran, in order. */
  readonly runs: string[];
  /** All that the tools were given, as text. */
  readonly given: string[];
}

/** What the tools of a user's own server work with. */
export interface OwnTools extends OwnRecord {
  readonly exchange: TokenExchangeService;
}

const Event = z.object({ title: z.string() });

const textOf = (value: unknown) => ({
  content: [{ type: 'text' as const, text: JSON.stringify(value) }],
});

/** The work of the tools, whatever the SDK. */
function createCalls({ exchange, calendar, runs, given }: OwnTools) {
  const note = (name: string, ...values: unknown[]) => {
    runs.push(name);
    given.push(inspect(values, { depth: 12 }));
  };
  return {
    whoami: (auth: AuthInfo | undefined, ...rest: unknown[]) => {
      note('whoami', auth, rest);
      const { subject } = principalOf(auth);
      const { extra, resource, expiresAt, ...others } = auth!;
      return textOf({
        ...others,
        subject,
        resource: resource.href,
        isCurrent: expiresAt * 1000 > Date.now(),
        sameCaller: extra.principal.subject === subject,
      });
    },
    listEvents: async (auth: AuthInfo | undefined, ...rest: unknown[]) => {
      note('list_events', auth, rest);
      const access = await exchange.exchange(principalOf(auth), [calendar]);
      const response = await access.fetch(calendar, '/events');
      return textOf(await response.json());
    },
    createEvent: (input: z.infer<typeof Event>, ...rest: unknown[]) => {
      note('create_event', input, rest);
      return textOf({ created: input.title });
    },
  };
}

const authOf = (carrier: { authInfo?: unknown } | undefined) =>
  carrier?.authInfo as AuthInfo | undefined;

/** Registers them with the SDK of version 1. */
export function registerV1(server: McpServerV1, tools: OwnTools): void {
  const calls = createCalls(tools);
  server.registerTool('whoami', {}, (extra) =>
    calls.whoami(authOf(extra), extra.requestInfo, extra),
  );
  server.registerTool('list_events', {}, (extra) =>
    calls.listEvents(authOf(extra), extra.requestInfo, extra),
  );
  server.registerTool(
    'create_event',
    { inputSchema: Event.shape },
    (input, extra) => calls.createEvent(input, extra.requestInfo, extra),
  );
}

/** Registers them with the SDK of version 2. */
export function registerV2(server: McpServerV2, tools: OwnTools): void {
  const calls = createCalls(tools);
  server.registerTool('whoami', {}, (context) =>
    calls.whoami(authOf(context.http), headersOf(context), context),
  );
  server.registerTool('list_events', {}, (context) =>
    calls.listEvents(authOf(context.http), headersOf(context), context),
  );
  server.registerTool(
    'create_event',
    { inputSchema: Event },
    (input, context) => calls.createEvent(input, headersOf(context), context),
  );
}

const headersOf = ({ http }: { http?: { req?: Request } }) => [
  ...(http?.req?.headers ?? []),
];
