import type { IncomingHttpHeaders } from 'node:http';
import type { ResourceTarget } from '../verification/protected-resource.js';
import { publicUrlOf } from './public-url.js';
import type { CredentialedRequest } from './request-credentials.js';
import { pathOfTarget } from './routed-path.js';

/** A request, as node and both HTTP adapters have it. */
export interface HttpRequest extends CredentialedRequest {
  readonly headers: IncomingHttpHeaders;
  /** As received, where a router took a part of the path away. */
  readonly originalUrl?: string;
  /** As the parsers of the application left it. */
  readonly body?: unknown;
  /** Node's own, in a request of Fastify. */
  readonly raw?: CredentialedRequest;
}

/** Path of a request, as sent. */
export function pathOfRequest(request: HttpRequest): string {
  return pathOfTarget(request.originalUrl ?? request.url ?? '/');
}

/** Public URL of a request, for proofs of possession. */
export function urlOfRequest(
  request: HttpRequest,
  target: ResourceTarget,
): string {
  const path = pathOfRequest(request);
  return publicUrlOf(target, path) ?? new URL(target.identifier).origin + path;
}
