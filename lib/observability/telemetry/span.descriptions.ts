import type { ExchangeMode } from '../audit/audit-event.js';
import type { SpanDescription } from './telemetry.js';
import { traceContextOf, type TraceCarrier } from './trace-context.js';

/** What `error.type` says of a tool that answered with an error. */
export const TOOL_ERROR = 'tool_error';

/** A request of a client, as its span tells it. */
export interface CallFacts {
  readonly requestId?: string | number;
  readonly sessionId?: string;
  readonly meta?: TraceCarrier;
  readonly headers?: TraceCarrier;
}

/** A call of a tool, as its span tells it. */
export interface ToolCallFacts extends CallFacts {
  readonly tool: string;
}

/**
 * The span of a tool call. Neither arguments nor results become part of it.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai
 */
export function toolCallSpan(facts: ToolCallFacts): SpanDescription {
  const { tool } = facts;
  return callSpan('tools/call', tool, facts, {
    'mcp.tool.name': tool,
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': tool,
  });
}

/**
 * The span of a read.
 *
 * @param facts.resource as it is declared: the variables of a template may say
 *   whose it is
 */
export function resourceReadSpan(
  facts: CallFacts & { readonly resource: string },
): SpanDescription {
  return callSpan('resources/read', undefined, facts, {
    'mcp.resource.uri': facts.resource,
  });
}

/** The span of a prompt that is filled in. */
export function promptGetSpan(
  facts: CallFacts & { readonly prompt: string },
): SpanDescription {
  const { prompt } = facts;
  return callSpan('prompts/get', prompt, facts, {
    'gen_ai.prompt.name': prompt,
  });
}

function callSpan(
  method: string,
  target: string | undefined,
  { requestId, sessionId, meta, headers }: CallFacts,
  attributes: SpanDescription['attributes'],
): SpanDescription {
  const parent = traceContextOf(meta, headers);
  return {
    name: target === undefined ? method : `${method} ${target}`,
    kind: 'server',
    attributes: {
      'mcp.method.name': method,
      ...attributes,
      'jsonrpc.request.id':
        requestId === undefined ? undefined : String(requestId),
      'mcp.session.id': sessionId,
    },
    ...(parent && { parent }),
  };
}

/** A request for a token, as its span tells it. */
export interface ExchangeFacts {
  readonly resource: string;
  readonly mode: ExchangeMode;
  readonly issuer: string;
}

/** The span of a token exchange. */
export function exchangeSpan(facts: ExchangeFacts): SpanDescription {
  const host = hostOf(facts.resource);
  return {
    name: `token_exchange ${host}`,
    kind: 'client',
    attributes: {
      'keycard.resource': host,
      'keycard.exchange.mode': facts.mode,
      'server.address': hostOf(facts.issuer),
    },
  };
}

/** The host of a resource: the rest may hold what nobody should collect. */
export function hostOf(resource: string): string {
  const url = URL.canParse(resource) ? new URL(resource) : undefined;
  return url?.host || 'unknown';
}
