import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { subjectOf } from '../../observability/audit/audit-subject.js';
import type { Observability } from '../../observability/observability.js';
import { errorTypeOf } from '../../observability/telemetry/error-type.js';
import {
  TOOL_ERROR,
  toolCallSpan,
} from '../../observability/telemetry/span.descriptions.js';
import type { Tool } from '../catalog/tool.interface.js';
import type { McpContext } from '../context/mcp-context.js';

/** Runs a call within a span, and tells the audit stream how it ended. */
export function observeToolCall(
  { audit, telemetry }: Observability,
  tool: Tool,
  context: McpContext,
  work: () => Promise<CallToolResult>,
): Promise<CallToolResult> {
  const describe = () =>
    toolCallSpan({
      tool: tool.name,
      requestId: context.requestId,
      sessionId: context.sessionId,
      meta: context.meta,
      headers: context.headers,
    });
  return telemetry.span(describe, async (span) => {
    const begun = performance.now();
    const tell = (outcome: 'succeeded' | 'failed' | 'refused', code?: string) =>
      audit.emitLazily('tool_call', () => ({
        type: 'tool_call',
        outcome: isCancelled(context) ? 'cancelled' : outcome,
        name: tool.name,
        duration: performance.now() - begun,
        ...subjectOf(context.principal),
        resource: context.principal.resource,
        requestId: context.requestId,
        traceId: telemetry.traceId,
        ...(code !== undefined && { code }),
      }));
    try {
      const result = await work();
      if (result.isError) span.fail(TOOL_ERROR);
      tell(result.isError ? 'failed' : 'succeeded');
      return result;
    } catch (error) {
      tell('refused', errorTypeOf(error));
      throw error;
    }
  });
}

/** Only asked where somebody listens: the signal is made when it is read. */
function isCancelled({ signal }: McpContext): boolean {
  return signal.aborted;
}
