import type { ServerResponse } from 'node:http';
import type { Implementation } from '@modelcontextprotocol/sdk/types.js';
import type { McpChange } from '../../changes/change.js';
import { KeepAlive } from '../../transport/keep-alive.js';
import type { SubscriptionLimits } from '../../transport/mcp-endpoint.interface.js';
import { SessionQuota } from '../../transport/session-quota.js';
import { MAX_TIMER_DELAY } from '../../transport/transport.constants.js';
import type {
  Caller,
  RequestId,
} from '../../transport/transport.interfaces.js';
import type { ListenFilter } from './listen-filter.js';
import { ListenStream } from './listen-stream.js';

/** What the listeners of a server have in common. */
export interface ListenersOptions {
  readonly subscriptions: SubscriptionLimits;
  /** Milliseconds between comments on open streams; 0 sends none. */
  readonly keepAliveInterval: number;
  readonly serverInfo: Implementation;
}

/** Who listens, and for how long it may. */
export interface Listener {
  readonly response: ServerResponse;
  readonly caller: Caller;
  /** Of the request. */
  readonly id: RequestId;
  readonly filter: ListenFilter;
}

/** The clients of revision 2026-07-28 that listen for changes. */
export class Listeners {
  private readonly streams = new Set<ListenStream>();
  private readonly quota: SessionQuota;
  private readonly keepAlive: KeepAlive;

  constructor(private readonly options: ListenersOptions) {
    const { maxStreams, maxStreamsPerCaller } = options.subscriptions;
    this.quota = new SessionQuota({
      maxSessions: maxStreams,
      maxSessionsPerCaller: maxStreamsPerCaller,
    });
    this.keepAlive = new KeepAlive(options.keepAliveInterval);
    this.keepAlive.start();
  }

  get size(): number {
    return this.streams.size;
  }

  /** Takes a place until the response closes. `false`: there is none. */
  reserve({
    response,
    caller,
  }: Pick<Listener, 'response' | 'caller'>): boolean {
    if (!this.quota.take(caller.identity)) return false;
    response.on('close', () => this.quota.release(caller.identity));
    return true;
  }

  open({ response, caller, id, filter }: Listener): void {
    const stream = new ListenStream(response, id, filter);
    if (stream.isEmpty) {
      stream.finish(this.options.serverInfo);
      return;
    }
    this.streams.add(stream);
    this.keepAlive.add(response);
    response.on('close', () => {
      this.streams.delete(stream);
      this.keepAlive.delete(response);
    });
    endWithToken(response, caller);
  }

  tell(change: McpChange): void {
    for (const stream of this.streams) stream.tell(change);
  }

  close(): void {
    this.keepAlive.stop();
    for (const stream of this.streams) stream.finish(this.options.serverInfo);
  }
}

// A stream may outlive the token it was opened with; it must not.
function endWithToken(response: ServerResponse, { principal }: Caller): void {
  const remaining = principal.expiresAt * 1000 - Date.now();
  const delay = Math.min(remaining, MAX_TIMER_DELAY);
  const timer = setTimeout(() => response.end(), delay);
  timer.unref();
  response.on('close', () => clearTimeout(timer));
}
