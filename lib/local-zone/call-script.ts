import type { CallKind } from './endpoints.js';

/**
 * What the zone does instead of, or before, answering a request.
 *
 * @publicApi
 */
export interface ScriptedAnswer {
  /**
   * Status of the scripted answer.
   *
   * @default none: the zone answers itself, after the delay
   */
  readonly status?: number;
  /** Milliseconds to wait first. @default 0 */
  readonly delay?: number;
  /** Text as is, anything else as JSON. @default an OAuth `server_error` */
  readonly body?: unknown;
  /** @default 'application/json' */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many requests it applies to. @default 1 */
  readonly times?: number;
}

interface PendingAnswer {
  readonly kind: CallKind;
  readonly answer: ScriptedAnswer;
  remaining: number;
}

/** Scripted answers waiting for their requests, first come first served. */
export class CallScript {
  private pending: PendingAnswer[] = [];

  add(kind: CallKind, answer: ScriptedAnswer): void {
    this.pending.push({ kind, answer, remaining: answer.times ?? 1 });
  }

  /** Takes the next answer for this kind of request, if there is one. */
  take(kind: CallKind): ScriptedAnswer | undefined {
    const next = this.pending.find((entry) => entry.kind === kind);
    if (!next) {
      return undefined;
    }
    next.remaining -= 1;
    if (next.remaining <= 0) {
      this.pending = this.pending.filter((entry) => entry !== next);
    }
    return next.answer;
  }

  clear(): void {
    this.pending = [];
  }
}
