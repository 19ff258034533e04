import type { CallOutcome } from '../../observability/audit/audit-event.js';
import { subjectOf } from '../../observability/audit/audit-subject.js';
import type { Observability } from '../../observability/observability.js';
import { errorTypeOf } from '../../observability/telemetry/error-type.js';
import {
  promptGetSpan,
  resourceReadSpan,
  TOOL_ERROR,
  toolCallSpan,
  type CallFacts,
} from '../../observability/telemetry/span.descriptions.js';
import type { SpanDescription } from '../../observability/telemetry/telemetry.js';
import { InputRequiredError } from '../input/input-required.error.js';
import type { McpContext } from '../context/mcp-context.js';

/** Calls that are told about. */
export type ObservedType = 'tool_call' | 'resource_read' | 'prompt_get';

/** A call that is told about. */
export interface ObservedCall {
  readonly type: ObservedType;
  /** As it is declared: a name, a URI or a URI template. */
  readonly name: string;
  readonly context: McpContext;
}

const SPANS: Record<
  ObservedType,
  (name: string, facts: CallFacts) => SpanDescription
> = {
  tool_call: (tool, facts) => toolCallSpan({ tool, ...facts }),
  resource_read: (resource, facts) => resourceReadSpan({ resource, ...facts }),
  prompt_get: (prompt, facts) => promptGetSpan({ prompt, ...facts }),
};

/** Runs a call within a span, and tells the audit stream how it ended. */
export async function observeCall<Result extends object>(
  { audit, telemetry }: Observability,
  { type, name, context }: ObservedCall,
  work: () => Promise<Result>,
): Promise<Result> {
  const describe = () => describeSpan(type, name, context);
  const result = await telemetry.span(describe, async (span) => {
    const begun = performance.now();
    const tell = (outcome: CallOutcome, code?: string) =>
      audit.emitLazily(type, () => ({
        type,
        outcome: isCancelled(context) ? 'cancelled' : outcome,
        name,
        duration: performance.now() - begun,
        ...subjectOf(context.principal),
        resource: context.principal.resource,
        requestId: context.requestId,
        traceId: telemetry.traceId,
        ...(code !== undefined && { code }),
      }));
    try {
      const answer = await work();
      const hasFailed = 'isError' in answer && answer.isError === true;
      if (hasFailed) span.fail(TOOL_ERROR);
      tell(hasFailed ? 'failed' : 'succeeded');
      return answer;
    } catch (error) {
      if (error instanceof InputRequiredError) {
        tell('input_required');
        return error;
      }
      tell('refused', errorTypeOf(error));
      throw error;
    }
  });
  // A question is thrown, but no failure.
  if (result instanceof InputRequiredError) throw result;
  return result;
}

function describeSpan(
  type: ObservedType,
  name: string,
  { requestId, sessionId, meta, headers }: McpContext,
): SpanDescription {
  const facts: CallFacts = {
    requestId,
    headers,
    ...(sessionId !== undefined && { sessionId }),
    ...(meta && { meta }),
  };
  return SPANS[type](name, facts);
}

/** Only asked where somebody listens: the signal is made when it is read. */
function isCancelled({ signal }: McpContext): boolean {
  return signal.aborted;
}
