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
  /** What routers of Express took away: of this application, and around it. */
  readonly baseUrl?: string;
  /** Of Express; knows where it is mounted in another one. */
  readonly app?: { path?(): string };
  /** As the parsers of the application left it. */
  readonly body?: unknown;
  /** Node's own, in a request of Fastify. */
  readonly raw?: CredentialedRequest;
}

/**
 * Path of a request as the application's router saw it. What a proxy, a mount or
 * a rewrite took off before is of no resource, and must not hide which one it is.
 */
export function pathOfRequest({ url = '/' }: HttpRequest): string {
  return pathOfTarget(url);
}

/**
 * The same in a middleware, of which the router has taken off what it is mounted
 * at.
 */
export function pathOfMounted(request: HttpRequest): string {
  const { app, baseUrl, originalUrl } = request;
  if (baseUrl === undefined) {
    return pathOfTarget(originalUrl ?? request.url ?? '/');
  }
  const outside = app?.path?.() ?? '';
  const mount = baseUrl.startsWith(outside)
    ? baseUrl.slice(outside.length)
    : baseUrl;
  const rest = pathOfRequest(request);
  // Express says `/` where there is no rest.
  return mount !== '' && rest === '/' ? mount : mount + rest;
}

/**
 * Public URL of a request, for proofs of possession. Outside of the resource's
 * path it is what the client saw: there nothing was taken off.
 *
 * @param path as the resource was found by
 */
export function urlOfRequest(
  { originalUrl, url = '/' }: HttpRequest,
  target: ResourceTarget,
  path: string,
): string {
  const seen = pathOfTarget(originalUrl ?? url);
  return publicUrlOf(target, path) ?? new URL(target.identifier).origin + seen;
}
