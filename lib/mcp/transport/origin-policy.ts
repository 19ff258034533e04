import type { IncomingMessage, ServerResponse } from 'node:http';
import { JsonRpcErrorCode } from '../json-rpc.error.js';
import type { McpEndpointOptions } from './mcp-endpoint.interface.js';
import { refuse } from './refusal.js';
import { TransportMessages } from './transport.messages.js';

/** The part of the options that decides over `Host` and `Origin`. */
export type OriginPolicyOptions = Pick<
  McpEndpointOptions,
  'allowedHosts' | 'isHostAllowed' | 'isOriginAllowed'
>;

/**
 * Protects against DNS rebinding: a page the user opened must not reach a
 * server through the user's browser.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
 */
export class OriginPolicy {
  constructor(private readonly options: OriginPolicyOptions) {}

  /** `false`: refused and answered. */
  admits(request: IncomingMessage, response: ServerResponse): boolean {
    // HTTP/2 has the host in a field of its own.
    const { origin, host, [':authority']: authority = host } = request.headers;
    if (!this.isHostAllowed(authority as string | undefined)) {
      this.refuse(response, TransportMessages.hostNotAllowed);
      return false;
    }
    if (origin !== undefined && !this.isOriginAllowed(origin)) {
      this.refuse(response, TransportMessages.originNotAllowed);
      return false;
    }
    return true;
  }

  private isHostAllowed(host: string | undefined): boolean {
    const { allowedHosts, isHostAllowed } = this.options;
    if (!allowedHosts && !isHostAllowed) return true;
    if (host === undefined) return false;
    if (allowedHosts?.has(host)) return true;
    const name = host.toLowerCase();
    return (
      allowedHosts?.has(name) || this.options.isHostAllowed?.(name) || false
    );
  }

  // Only browsers send an Origin, so a server that names none has no pages
  // among its clients.
  private isOriginAllowed(origin: string): boolean {
    return this.options.isOriginAllowed?.(origin) ?? false;
  }

  private refuse(response: ServerResponse, message: string): void {
    refuse(response, 403, { code: JsonRpcErrorCode.ConnectionError, message });
  }
}
