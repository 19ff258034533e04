import { MAX_TIMER_DELAY } from './transport.constants.js';

/**
 * Counts the time a handler takes. It stands still while the client is asked:
 * a handler cannot help how long a person thinks.
 */
export class CallClock {
  private expire: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private remaining = 0;
  private resumedAt = 0;
  private pauses = 0;

  /**
   * Calls back after the time. Only the first start counts.
   *
   * @param milliseconds 0 never calls back
   */
  start(milliseconds: number, expire: () => void): void {
    if (this.expire || !(milliseconds > 0)) return;
    this.expire = expire;
    this.remaining = Math.min(milliseconds, MAX_TIMER_DELAY);
    this.resume();
  }

  async pauseFor<T>(work: () => Promise<T>): Promise<T> {
    this.pause();
    try {
      return await work();
    } finally {
      this.pauses -= 1;
      this.resume();
    }
  }

  stop(): void {
    this.expire = undefined;
    clearTimeout(this.timer);
  }

  private pause(): void {
    this.pauses += 1;
    if (this.pauses > 1 || !this.expire) return;
    clearTimeout(this.timer);
    this.remaining -= performance.now() - this.resumedAt;
  }

  private resume(): void {
    if (this.pauses > 0 || !this.expire) return;
    this.resumedAt = performance.now();
    this.timer = setTimeout(this.expire, Math.max(this.remaining, 1));
    this.timer.unref();
  }
}
