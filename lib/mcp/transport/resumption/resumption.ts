import type { Session } from '../session.js';
import type { TransportLogger } from '../transport.interfaces.js';
import type { McpEventStore } from './event-store.interface.js';
import { MemoryEventStore } from './memory-event-store.js';
import type { ResumptionConfig } from './resumption.config.js';
import { SessionEvents } from './session-events.js';
import { SessionStreams } from './session-streams.js';

const SWEEP_INTERVAL = 30_000;

/** What the sessions of an endpoint share so that their streams can go on. */
export class Resumption {
  private readonly store: McpEventStore;
  private readonly memory: MemoryEventStore | undefined;
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly config: ResumptionConfig,
    private readonly logger: TransportLogger,
  ) {
    const { store } = config;
    if ('append' in store) this.store = store;
    else this.store = this.memory = new MemoryEventStore(store);
  }

  /** Events kept in the memory of this process. */
  get storedEvents(): number {
    return this.memory?.size ?? 0;
  }

  /** The streams of one session. */
  streamsOf(session: string): SessionStreams {
    const events = new SessionEvents(this.store, session, this.logger);
    return new SessionStreams(events, this.config.retryInterval);
  }

  start(sessions: Iterable<Session>): void {
    // One timer for all calls, so that those answered at once pay nothing.
    const prime = () => {
      for (const { transport } of sessions) transport.primeSlowCalls();
    };
    this.timers = [
      setInterval(prime, this.config.primeInterval),
      setInterval(() => this.memory?.sweep(), SWEEP_INTERVAL),
    ];
    for (const timer of this.timers) timer.unref();
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }
}
