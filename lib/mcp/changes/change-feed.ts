import type { BusConnection } from './bus-connection.js';
import { keyOf, type McpChange } from './change.js';

interface PendingChange {
  readonly change: McpChange;
  /** Whether it happened here, so that others must be told. */
  readonly isOwn: boolean;
}

/**
 * The changes of one server, its own and those of other replicas. What happens
 * in one turn of the event loop is told once, at its end.
 */
export class ChangeFeed {
  private readonly pending = new Map<string, PendingChange>();
  private listener: ((change: McpChange) => void) | undefined;
  private readonly watchers: ((change: McpChange) => void)[] = [];

  /** @param bus absent where there are no other replicas */
  constructor(private readonly bus?: BusConnection) {}

  /** Begins to tell. */
  open(listener: (change: McpChange) => void): void {
    this.listener = listener;
    this.bus?.open((change) => this.add({ change, isOwn: false }));
  }

  /** Tells one more listener, while it is open. */
  watch(watcher: (change: McpChange) => void): void {
    this.watchers.push(watcher);
  }

  close(): void {
    this.listener = undefined;
    this.pending.clear();
    this.watchers.length = 0;
    this.bus?.close();
  }

  /** Tells clients here, and other replicas. Does nothing before it is open. */
  publish(change: McpChange): void {
    this.add({ change, isOwn: true });
  }

  private add({ change, isOwn }: PendingChange): void {
    if (!this.listener) return;
    if (this.pending.size === 0) setImmediate(() => this.flush());
    const key = keyOf(change);
    const known = this.pending.get(key);
    this.pending.set(key, { change, isOwn: isOwn || known?.isOwn === true });
  }

  private flush(): void {
    const changes = [...this.pending.values()];
    this.pending.clear();
    for (const { change, isOwn } of changes) {
      this.listener?.(change);
      for (const watcher of this.watchers) watcher(change);
      if (isOwn) this.bus?.publish(change);
    }
  }
}
