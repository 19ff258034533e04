import type { GrantedToken } from '../granted-token.js';
import { untilCancelled } from './until-cancelled.js';

/**
 * An exchange that several calls wait for. It is given up when the last of
 * them is cancelled, not when the first is.
 */
export class PendingExchange {
  readonly settled: Promise<GrantedToken>;
  private readonly controller = new AbortController();
  private waiting = 0;

  /** @param owner whom the token is for: see {@link ExchangeCache.invalidateAll} */
  constructor(
    run: (signal: AbortSignal) => Promise<GrantedToken>,
    readonly owner?: string,
  ) {
    // Begun a moment later, so that the exchange can refer to this.
    this.settled = Promise.resolve().then(() => run(this.controller.signal));
  }

  /** Whether it was given up: it will fail, and nobody may join it any more. */
  get isAbandoned(): boolean {
    return this.controller.signal.aborted;
  }

  /** Rejects with the signal's reason when the call is cancelled. */
  wait(signal?: AbortSignal): Promise<GrantedToken> {
    this.waiting += 1;
    return untilCancelled(this.settled, signal, (reason) => this.leave(reason));
  }

  private leave(reason: unknown): void {
    this.waiting -= 1;
    if (this.waiting === 0) this.controller.abort(reason);
  }
}
