import type {
  AuditEventType,
  NewAuditEvent,
} from '../../../lib/observability/audit/audit-event.js';

/** One event of each type, with nothing but what it must have. */
export const EVENTS: {
  readonly [Type in AuditEventType]: NewAuditEvent<Type>;
} = {
  authentication: { type: 'authentication', outcome: 'accepted' },
  scope_decision: {
    type: 'scope_decision',
    outcome: 'allowed',
    required: ['a'],
    missing: [],
  },
  exchange: {
    type: 'exchange',
    outcome: 'granted',
    resource: 'https://calendar.example.com/v1',
    mode: 'on_behalf',
    duration: 250,
    attempts: 1,
  },
  exchange_cache: {
    type: 'exchange_cache',
    outcome: 'hit',
    resource: 'https://calendar.example.com/v1',
  },
  consent: { type: 'consent', outcome: 'requested' },
  downstream_retry: {
    type: 'downstream_retry',
    outcome: 'succeeded',
    resource: 'https://calendar.example.com/v1',
    status: 401,
  },
  tool_call: {
    type: 'tool_call',
    outcome: 'succeeded',
    name: 'list_events',
    duration: 1500,
  },
  resource_read: {
    type: 'resource_read',
    outcome: 'succeeded',
    name: 'notes://{id}',
    duration: 1500,
  },
  prompt_get: {
    type: 'prompt_get',
    outcome: 'succeeded',
    name: 'review',
    duration: 1500,
  },
};

export const TYPES = Object.keys(EVENTS) as AuditEventType[];
