import type { AuditEvent } from './audit/audit-event.js';

/** One line of the audit log. Facts go into the structured parameter. */
export const AUDIT_LINE = ({ type, outcome }: AuditEvent) =>
  `${type} ${outcome}`;

export const BUFFER_SIZE = (size: number) =>
  `The buffer of an audit stream holds at least one event: got ${size}.`;

export const RESERVED_PROBE_NAME = (name: string) =>
  `A health probe cannot be named "${name}": the indicator reports something else under that name.`;

export const DUPLICATE_PROBE_NAME = (name: string) =>
  `Two health probes are named "${name}". Each needs a name of its own.`;

export const INVALID_WINDOW = (window: number, buckets: number) =>
  `A window must be positive and have at least one bucket: got ${window} ms in ${buckets} buckets.`;
