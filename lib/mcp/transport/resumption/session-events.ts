import { within } from '../../../replicas/within.js';
import { isPromiseLike } from '../../promise-like.js';
import type { TransportLogger } from '../transport.interfaces.js';
import { TransportLogMessages } from '../transport.messages.js';
import type { McpEventStore, McpStreamEvent } from './event-store.interface.js';

/** Milliseconds that a store is waited for. */
const TIMEOUT = 5000;

/** The event store, as one session sees it. */
export class SessionEvents {
  constructor(
    private readonly store: McpEventStore,
    private readonly session: string,
    private readonly logger: TransportLogger,
  ) {}

  /**
   * Keeps an event; without a promise it is kept already.
   *
   * @throws Error when it could not be kept
   */
  append(stream: string, event: McpStreamEvent): void | Promise<void> {
    const { session } = this;
    return this.attempt(() => this.store.append({ session, stream }, event));
  }

  /** @throws Error when the store cannot tell */
  async readAfter(
    stream: string,
    sequence: number,
  ): Promise<readonly McpStreamEvent[] | undefined> {
    const { session } = this;
    return this.attempt(() =>
      this.store.readAfter({ session, stream }, sequence),
    );
  }

  async forget(): Promise<void> {
    try {
      await this.attempt(() => this.store.forget(this.session));
    } catch {
      // Logged; and the store lets them go by their age.
    }
  }

  private attempt<T>(use: () => T | Promise<T>): T | Promise<T> {
    try {
      const outcome = use();
      if (!isPromiseLike(outcome)) return outcome;
      return within(outcome, TIMEOUT).catch((error: unknown) => {
        throw this.failed(error);
      });
    } catch (error) {
      throw this.failed(error);
    }
  }

  private failed(cause: unknown): Error {
    this.logger.warn(TransportLogMessages.eventStoreFailed, cause);
    return new Error(TransportLogMessages.eventStoreFailed, { cause });
  }
}
