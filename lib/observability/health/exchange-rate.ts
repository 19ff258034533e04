import type { ExchangeEvent } from '../audit/audit-event.js';
import type { AuditStream } from '../audit/audit-stream.js';
import { INVALID_WINDOW } from '../observability.messages.js';

/** Over what time exchanges are counted. */
export interface ExchangeRateOptions {
  /**
   * Milliseconds.
   * @default 300000 (five minutes)
   */
  readonly window?: number;
  /**
   * How finely the window slides.
   * @default 30
   */
  readonly buckets?: number;
  /** @internal */
  readonly now?: () => number;
}

/** Exchanges of the last minutes. */
export interface ExchangeCount {
  readonly total: number;
  readonly failed: number;
  /** Between 0 and 1; 0 when there were none. */
  readonly errorRate: number;
}

interface Bucket {
  slot: number;
  total: number;
  failed: number;
}

/** Refusals that are about the application, not about a user's rights. */
const OUR_FAULT: readonly (string | undefined)[] = [
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
];

/** Counts exchanges in a ring of time buckets. */
export class ExchangeRate {
  readonly window: number;
  private readonly width: number;
  private readonly now: () => number;
  private readonly ring: Bucket[];

  constructor(options: ExchangeRateOptions = {}) {
    const { window = 300_000, buckets = 30, now = Date.now } = options;
    if (!(window > 0) || !(buckets >= 1)) {
      throw new RangeError(INVALID_WINDOW(window, buckets));
    }
    this.window = window;
    this.width = window / buckets;
    this.now = now;
    this.ring = Array.from({ length: buckets }, () => ({
      slot: -Infinity,
      total: 0,
      failed: 0,
    }));
  }

  /** @returns ends it */
  follow(stream: AuditStream): () => void {
    return stream.subscribe(
      (event) => {
        if (event.type === 'exchange') this.record(isFailure(event));
      },
      { types: ['exchange'] },
    );
  }

  record(hasFailed: boolean): void {
    const slot = this.currentSlot;
    const bucket = this.ring[slot % this.ring.length]!;
    if (bucket.slot !== slot)
      Object.assign(bucket, { slot, total: 0, failed: 0 });
    bucket.total += 1;
    if (hasFailed) bucket.failed += 1;
  }

  count(): ExchangeCount {
    const last = this.currentSlot;
    const first = last - this.ring.length + 1;
    let total = 0;
    let failed = 0;
    for (const bucket of this.ring) {
      if (bucket.slot < first || bucket.slot > last) continue;
      total += bucket.total;
      failed += bucket.failed;
    }
    return { total, failed, errorRate: total === 0 ? 0 : failed / total };
  }

  private get currentSlot(): number {
    return Math.floor(this.now() / this.width);
  }
}

/** A user without a grant is no reason to worry about the application. */
function isFailure({ outcome, code }: ExchangeEvent): boolean {
  if (outcome === 'refused') return OUR_FAULT.includes(code);
  return outcome === 'failed';
}
