import { AuditStream } from './audit/audit-stream.js';
import { NO_TELEMETRY } from './telemetry/no-telemetry.js';
import type { Telemetry } from './telemetry/telemetry.js';

/** What a floor tells about its work, and whom. */
export interface Observability {
  readonly audit: AuditStream;
  readonly telemetry: Telemetry;
}

/** For what is built outside an application: nobody can ever listen to it. */
export const UNOBSERVED: Observability = Object.freeze({
  audit: closedStream(),
  telemetry: NO_TELEMETRY,
});

function closedStream(): AuditStream {
  const stream = new AuditStream();
  stream.close();
  return stream;
}
