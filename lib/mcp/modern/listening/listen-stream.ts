import type { ServerResponse } from 'node:http';
import type { Implementation } from '@modelcontextprotocol/sdk/types.js';
import {
  toNotification,
  type ChangeNotification,
  type McpChange,
} from '../../changes/change.js';
import type { RequestId } from '../../transport/transport.interfaces.js';
import { SERVER_INFO_META, SUBSCRIPTION_ID_META } from '../modern.constants.js';
import { accepts, type ListenFilter } from './listen-filter.js';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Bytes a client may leave unread before its stream is given up. */
const MAX_BACKLOG = 1024 * 1024;

/**
 * The answer to one `subscriptions/listen`: acknowledged first, then one message
 * a change, each with the id of the request.
 */
export class ListenStream {
  /** @param filter what is kept to, agreed on with nobody but ourselves */
  constructor(
    private readonly response: ServerResponse,
    private readonly id: RequestId,
    private readonly filter: ListenFilter,
  ) {
    // Writing to a connection that just broke must not end the process.
    response.on('error', () => {});
    response.writeHead(200, HEADERS);
    this.notify({
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: filter },
    });
  }

  /** Whether there is nothing to wait for. */
  get isEmpty(): boolean {
    return Object.keys(this.filter).length === 0;
  }

  /** A client that stopped reading loses the stream. */
  tell(change: McpChange): void {
    if (!accepts(this.filter, change)) return;
    if (this.response.writableLength > MAX_BACKLOG) this.response.destroy();
    else this.notify(toNotification(change));
  }

  /** Ends it because the server does: the client is answered. */
  finish(serverInfo: Implementation): void {
    const result = {
      resultType: 'complete',
      _meta: { ...this.tag, [SERVER_INFO_META]: serverInfo },
    };
    this.write({ id: this.id, result });
    this.response.end();
  }

  private get tag(): Record<string, RequestId> {
    return { [SUBSCRIPTION_ID_META]: this.id };
  }

  private notify({
    method,
    params,
  }: Omit<ChangeNotification, 'params'> & { readonly params?: object }): void {
    this.write({ method, params: { ...params, _meta: this.tag } });
  }

  private write(message: object): void {
    if (this.response.destroyed || this.response.writableEnded) return;
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.response.write(`event: message\ndata: ${text}\n\n`);
  }
}
