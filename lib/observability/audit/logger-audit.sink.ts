import type { LoggerService } from '@nestjs/common';
import { AUDIT_LINE } from '../observability.messages.js';
import type { AuditEvent } from './audit-event.js';
import type { AuditStream } from './audit-stream.js';

const CONTEXT = 'KeycardAudit';

const CONSPICUOUS: readonly string[] = ['refused', 'failed'];

/** The part of Nest's logger that is used. */
export type AuditLogger = Pick<LoggerService, 'warn' | 'debug'>;

/**
 * Writes the audit trail to Nest's logger, one line per event: refusals and
 * failures as warnings, everything else for debugging.
 *
 * @publicApi
 */
export class LoggerAuditSink {
  constructor(private readonly logger: AuditLogger) {}

  /** @returns ends it */
  attach(stream: AuditStream): () => void {
    return stream.subscribe((event) => this.write(event));
  }

  write(event: AuditEvent): void {
    const level = CONSPICUOUS.includes(event.outcome) ? 'warn' : 'debug';
    this.logger[level]?.(AUDIT_LINE(event), { ...event }, CONTEXT);
  }
}
