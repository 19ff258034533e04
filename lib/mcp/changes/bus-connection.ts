import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@nestjs/common';
import { Complaints } from '../../replicas/complaints.js';
import { BUS_FAILED } from '../mcp.messages.js';
import type { McpChange } from './change.js';
import type {
  McpEventBus,
  McpEventUnsubscribe,
} from './event-bus.interface.js';
import { readEvent } from './received-event.js';

/** Whose connection it is. */
export interface BusConnectionInit {
  readonly bus: McpEventBus;
  /** Identifier of the server. */
  readonly server: string;
  readonly logger: LoggerService;
}

/** Milliseconds until it is subscribed to once more. */
const RETRY_DELAY = 5_000;

/** Events that the bus may still be busy with; more are lost, not kept. */
const MAX_IN_FLIGHT = 1_000;

/**
 * One server's connection to the other replicas. A bus that is down, slow or
 * broken costs what others would have been told, and nothing else.
 */
export class BusConnection {
  private readonly origin = randomUUID();
  private isOpen = false;
  private unsubscribe: McpEventUnsubscribe | undefined;
  private retry: NodeJS.Timeout | undefined;
  private inFlight = 0;
  private readonly complaints: Complaints;

  constructor(private readonly init: BusConnectionInit) {
    this.complaints = new Complaints((name) =>
      init.logger.warn(BUS_FAILED(name)),
    );
  }

  open(receive: (change: McpChange) => void): void {
    this.isOpen = true;
    void this.subscribe(receive);
  }

  publish(change: McpChange): void {
    const { bus, server } = this.init;
    if (this.inFlight >= MAX_IN_FLIGHT) {
      this.complaints.about(new Error());
      return;
    }
    this.inFlight += 1;
    void this.attempt(() =>
      bus.publish({ server, origin: this.origin, ...change }),
    ).finally(() => {
      this.inFlight -= 1;
    });
  }

  close(): void {
    this.isOpen = false;
    clearTimeout(this.retry);
    const { unsubscribe } = this;
    this.unsubscribe = undefined;
    if (unsubscribe) void this.attempt(unsubscribe);
  }

  private async subscribe(receive: (change: McpChange) => void): Promise<void> {
    const { bus, server } = this.init;
    const { origin } = this;
    const unsubscribe = await this.attempt(() =>
      bus.subscribe((event) => {
        const change = this.isOpen && readEvent(event, { server, origin });
        if (change) receive(change);
      }),
    );
    if (typeof unsubscribe !== 'function') {
      this.retryLater(receive);
    } else if (this.isOpen) {
      this.unsubscribe = unsubscribe;
    } else {
      await this.attempt(unsubscribe);
    }
  }

  private retryLater(receive: (change: McpChange) => void): void {
    if (!this.isOpen) return;
    this.retry = setTimeout(() => void this.subscribe(receive), RETRY_DELAY);
    this.retry.unref();
  }

  private async attempt<T>(use: () => T): Promise<Awaited<T> | undefined> {
    try {
      return await use();
    } catch (error) {
      this.complaints.about(error);
      return undefined;
    }
  }
}
