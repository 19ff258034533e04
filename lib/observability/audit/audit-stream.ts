import { Observable } from 'rxjs';
import { AuditEventQueue } from './audit-event.queue.js';
import type {
  AuditEvent,
  AuditEventType,
  NewAuditEvent,
} from './audit-event.js';
import {
  AuditSubscription,
  reportSafely,
  type AuditErrorHandler,
  type AuditListener,
} from './audit-subscription.js';
import { withoutTokens } from './redaction.js';

/** How the stream treats those who listen. */
export interface AuditStreamOptions {
  /** Called for the first failure of each listener. */
  readonly onError?: AuditErrorHandler;
  /**
   * Events kept for a `for await` loop that is slower than they come.
   * @default 1024
   */
  readonly bufferSize?: number;
}

/** What a listener hears of. */
export interface AuditFilter {
  /** All types, unless given. */
  readonly types?: readonly AuditEventType[];
}

/**
 * What was decided about access, as it happens: who was let in, what was
 * exchanged for whom, who was asked for consent.
 *
 * @example
 * ```ts
 * constructor(audit: AuditStream) {
 *   audit.subscribe((event) => this.store.append(event), { types: ['exchange'] });
 * }
 * ```
 * @publicApi
 */
export class AuditStream implements AsyncIterable<AuditEvent> {
  private readonly onError: AuditErrorHandler;
  private readonly bufferSize: number;
  // Replaced, never changed: a listener may come or go while events are told.
  private subscriptions: readonly AuditSubscription[] = [];
  private isClosed = false;

  constructor({ onError, bufferSize = 1024 }: AuditStreamOptions = {}) {
    this.onError = onError ?? (() => {});
    this.bufferSize = bufferSize;
  }

  /** Whether anybody listens, to events of a type or at all. */
  isObserved(type?: AuditEventType): boolean {
    if (this.subscriptions.length === 0) return false;
    return (
      type === undefined || this.subscriptions.some((one) => one.wants(type))
    );
  }

  /** Tells everybody who listens. Never throws. */
  emit(event: NewAuditEvent): void {
    this.emitLazily(event.type, () => event);
  }

  /** Like {@link emit}, for an event that is made only when somebody listens. */
  emitLazily<Type extends AuditEventType>(
    type: Type,
    create: () => NewAuditEvent<Type>,
  ): void {
    if (!this.isObserved(type)) return;
    try {
      this.tell(create());
    } catch (error) {
      reportSafely(this.onError, error);
    }
  }

  /** @returns ends the subscription */
  subscribe(listener: AuditListener, filter: AuditFilter = {}): () => void {
    return this.add(
      new AuditSubscription(listener, this.onError, filter.types),
    );
  }

  /** Events from now on, for one `for await` loop. */
  events(
    options: AuditFilter & { readonly bufferSize?: number } = {},
  ): AuditEventQueue {
    const { types, bufferSize = this.bufferSize } = options;
    const queue: AuditEventQueue = new AuditEventQueue(bufferSize, () =>
      unsubscribe(),
    );
    const unsubscribe = this.add(
      new AuditSubscription(
        (event) => queue.push(event),
        this.onError,
        types,
        () => queue.close(),
      ),
    );
    return queue;
  }

  [Symbol.asyncIterator](): AuditEventQueue {
    return this.events();
  }

  /** Events from each subscription on. An observer's own errors are RxJS's. */
  asObservable({ types }: AuditFilter = {}): Observable<AuditEvent> {
    return new Observable<AuditEvent>((observer) =>
      this.add(
        new AuditSubscription(
          (event) => observer.next(event),
          this.onError,
          types,
          () => observer.complete(),
        ),
      ),
    );
  }

  /** Ends every loop and completes every observable. Nothing is told after. */
  close(): void {
    this.isClosed = true;
    const closing = this.subscriptions;
    this.subscriptions = [];
    for (const { onClose } of closing) onClose?.();
  }

  private tell(event: NewAuditEvent): void {
    const told: AuditEvent = withoutTokens({
      ...event,
      at: event.at ?? Date.now(),
    });
    for (const subscription of this.subscriptions) {
      if (subscription.wants(told.type)) subscription.deliver(told);
    }
  }

  private add(subscription: AuditSubscription): () => void {
    if (this.isClosed) {
      subscription.onClose?.();
      return () => {};
    }
    this.subscriptions = [...this.subscriptions, subscription];
    return () => {
      this.subscriptions = this.subscriptions.filter(
        (one) => one !== subscription,
      );
    };
  }
}
