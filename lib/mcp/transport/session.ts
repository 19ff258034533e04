import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { MultiplexTransport } from './multiplex-transport.js';

/** A client that sent `initialize`, between then and its DELETE. */
export class Session {
  /** Revision agreed on; unknown until `initialize` is answered. */
  protocolVersion: string | undefined;
  private lastSeen = Date.now();
  private authorizedUntil = 0;

  /** @param identity of the caller that opened it, and the only one to use it */
  constructor(
    readonly id: string,
    readonly identity: string,
    readonly transport: MultiplexTransport,
    private readonly server: Server,
  ) {}

  /**
   * A request of its caller was let in: as long as its token is good, so is the
   * session.
   *
   * @param expiresAt of the token, in seconds since the epoch
   */
  authorize(expiresAt: number): void {
    this.authorizedUntil = Math.max(this.authorizedUntil, expiresAt);
  }

  /**
   * Whether all tokens it was used with expired so long ago, in milliseconds.
   * Calls that were let in before are brought to their end.
   */
  isUnauthorized(grace: number): boolean {
    if (this.transport.pendingCalls > 0) return false;
    return Date.now() - this.authorizedUntil * 1000 > grace;
  }

  touch(): void {
    this.lastSeen = Date.now();
  }

  /** Whether nothing happened for so long, in milliseconds. */
  isIdle(timeout: number): boolean {
    if (this.transport.isBusy) this.touch();
    return Date.now() - this.lastSeen > timeout;
  }

  async connect(): Promise<void> {
    await this.server.connect(this.transport);
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}
