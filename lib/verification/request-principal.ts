import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from './principal.js';

// Beside the request, not in it: other middleware writes `request.user` and
// `request.auth`, and nothing but our own verification may say who is calling.
const principals = new WeakMap<object, Principal>();

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

/** Who sent the request of a handler; the request is its first argument. */
export function principalOfContext(
  context: ExecutionContext,
): Principal | undefined {
  return principalOfRequest(context.getArgByIndex(0));
}
