import type { ServerResponse } from 'node:http';

const COMMENT = ': keep-alive\n\n';

/**
 * Keeps proxies from closing quiet event streams. One timer serves all streams
 * of an endpoint, and none keeps the process alive.
 */
export class KeepAlive {
  private readonly responses = new Set<ServerResponse>();
  private timer: NodeJS.Timeout | undefined;

  /** @param interval milliseconds; 0 sends nothing and only counts */
  constructor(private readonly interval: number) {}

  /** Open event streams. */
  get size(): number {
    return this.responses.size;
  }

  start(): void {
    if (this.interval <= 0) return;
    this.timer = setInterval(() => this.beat(), this.interval);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  add(response: ServerResponse): void {
    this.responses.add(response);
  }

  delete(response: ServerResponse): void {
    this.responses.delete(response);
  }

  // A client that does not read is not sent more: comments would pile up.
  private beat(): void {
    for (const response of this.responses) {
      if (!response.writableNeedDrain) response.write(COMMENT);
    }
  }
}
