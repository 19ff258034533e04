import type { McpLogLevel } from '../context/log-level.js';

const SEVERITY: Readonly<Record<string, number>> = {
  debug: 0,
  info: 1,
  notice: 2,
  warning: 3,
  error: 4,
  critical: 5,
  alert: 6,
  emergency: 7,
} satisfies Record<McpLogLevel, number>;

/** The least severe log message a client wants; `info` until it says. */
export class LogThreshold {
  private level: McpLogLevel = 'info';

  set(level: McpLogLevel): void {
    this.level = level;
  }

  /** Whether a message of this level is to be sent. */
  admits(level: McpLogLevel): boolean {
    const severity = SEVERITY[level];
    return severity !== undefined && severity >= SEVERITY[this.level]!;
  }
}
