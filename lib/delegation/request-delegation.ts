import { UnauthorizedException, type ExecutionContext } from '@nestjs/common';
import { createRequestNote } from '../verification/request-note.js';
import { requestOfContext } from '../verification/request-principal.js';
import type { AccessContext } from './access-context.js';
import { NOT_AUTHENTICATED } from './delegation.messages.js';
import { grantsOf, type GrantDeclaration } from './grant.decorator.js';

/** Performs the grants of one authenticated request. */
export interface RequestDelegation {
  access(
    declarations: readonly GrantDeclaration[],
    context: ExecutionContext,
  ): Promise<AccessContext>;
}

const delegations = createRequestNote<RequestDelegation>();

/** Makes grants possible for a request. Only authenticated requests have this. */
export function bindDelegation(
  request: object,
  delegation: RequestDelegation,
): void {
  delegations.set(request, delegation);
}

/**
 * The outcome of the grants a handler declares. A handler without a caller
 * never runs: this fails closed, whatever guards there were.
 */
export async function accessOfContext(
  context: ExecutionContext,
): Promise<AccessContext> {
  const request = requestOfContext(context);
  const delegation =
    typeof request === 'object' && request !== null
      ? delegations.get(request)
      : undefined;
  if (!delegation) throw new UnauthorizedException(NOT_AUTHENTICATED);
  return delegation.access(grantsOf(context.getHandler()), context);
}
