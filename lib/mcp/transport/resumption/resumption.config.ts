import type { McpEventStore } from './event-store.interface.js';
import type { MemoryEventLimits } from './memory-event-store.js';

/** How broken connections of sessions are taken up again. */
export interface ResumptionConfig {
  /** Where events are kept; limits are those of a store in memory. */
  readonly store: McpEventStore | MemoryEventLimits;
  /**
   * Milliseconds after which clients should come back; `undefined` leaves it to
   * them, except for those that a call let go of.
   */
  readonly retryInterval?: number | undefined;
  /**
   * Milliseconds. A call that takes longer is answered by a stream, because a
   * client can only come back to one.
   */
  readonly primeInterval: number;
}

/** Values for whoever resolves a {@link ResumptionConfig}. */
export const RESUMPTION_DEFAULTS = {
  maxEvents: 1000,
  maxBytes: 4 * 1024 * 1024,
  maxTotalBytes: 64 * 1024 * 1024,
  maxAge: 300_000,
  primeInterval: 1000,
  pollInterval: 1000,
} as const;
