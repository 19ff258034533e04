import type {
  AuditEvent,
  CallOutcome,
  PromptGetEvent,
  ResourceReadEvent,
  ToolCallEvent,
} from '../audit/audit-event.js';
import type { AuditStream } from '../audit/audit-stream.js';
import { hostOf } from './span.descriptions.js';
import type { Telemetry } from './telemetry.js';

const MILLISECONDS = 1000;

/**
 * Counts and times what the audit stream tells. Nothing is subscribed to when
 * measurements go nowhere.
 *
 * @returns ends it
 */
export function measureAudit(
  stream: AuditStream,
  telemetry: Telemetry,
): () => void {
  if (!telemetry.isMeasuring) return () => {};
  return stream.subscribe((event) => measure(event, telemetry), {
    types: [
      'authentication',
      'exchange',
      'exchange_cache',
      'tool_call',
      'resource_read',
      'prompt_get',
    ],
  });
}

function measure(event: AuditEvent, telemetry: Telemetry): void {
  switch (event.type) {
    case 'authentication': {
      const { outcome, code } = event;
      telemetry.count('keycard.authentications', {
        'keycard.outcome': outcome,
        'error.type': code,
      });
      return;
    }
    case 'exchange': {
      const attributes = {
        'keycard.outcome': event.outcome,
        'keycard.exchange.mode': event.mode,
        'keycard.resource': hostOf(event.resource),
        'error.type': event.code,
      };
      const seconds = event.duration / MILLISECONDS;
      telemetry.count('keycard.exchanges', attributes);
      telemetry.record('keycard.exchange.duration', seconds, attributes);
      return;
    }
    case 'exchange_cache':
      telemetry.count('keycard.exchange.cache', {
        'keycard.outcome': event.outcome,
      });
      return;
    case 'tool_call':
    case 'resource_read':
    case 'prompt_get':
      measureCall(event, telemetry);
      return;
    default:
  }
}

const METHODS = {
  tool_call: 'tools/call',
  resource_read: 'resources/read',
  prompt_get: 'prompts/get',
} as const;

const WELL: readonly CallOutcome[] = ['succeeded', 'input_required'];

function measureCall(
  {
    type,
    name,
    outcome,
    code,
    duration,
  }: ToolCallEvent | ResourceReadEvent | PromptGetEvent,
  telemetry: Telemetry,
): void {
  telemetry.record('mcp.server.operation.duration', duration / MILLISECONDS, {
    'mcp.method.name': METHODS[type],
    ...(type === 'tool_call' && { 'gen_ai.tool.name': name }),
    ...(type === 'prompt_get' && { 'gen_ai.prompt.name': name }),
    'error.type': WELL.includes(outcome) ? undefined : (code ?? outcome),
  });
}
