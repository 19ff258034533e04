import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from './principal.js';
import { createRequestNote } from './request-note.js';

// No property of the request: other middleware writes `request.user` and
// `request.auth`, and nothing but our own verification may say who is calling.
const principals = createRequestNote<Principal>();

/** Remembers who sent a request. */
export function bindPrincipal(request: object, principal: Principal): void {
  principals.set(request, principal);
}

/** Who sent a request; `undefined` when it was not authenticated by us. */
export function principalOfRequest(request: unknown): Principal | undefined {
  return typeof request === 'object' && request !== null
    ? principals.get(request)
    : undefined;
}

/** Who sent the request of a handler. */
export function principalOfContext(
  context: ExecutionContext,
): Principal | undefined {
  return principalOfRequest(requestOfContext(context));
}

/** A call of a microservice that came with an HTTP request. */
interface CarriedCall {
  getRawRequest?(): unknown;
}

/**
 * The request of a handler: its first argument. Modules that serve MCP as a
 * microservice (`@rekog/mcp-nest`) keep it in the context of the call instead,
 * and the first argument is what the client sent.
 */
export function requestOfContext(context: ExecutionContext): unknown {
  if (context.getType() !== 'rpc') return context.getArgByIndex(0);
  const call = context.getArgByIndex<CarriedCall | undefined>(1);
  return typeof call?.getRawRequest === 'function'
    ? call.getRawRequest()
    : undefined;
}
