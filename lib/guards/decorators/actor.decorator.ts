import type { ExecutionContext } from '@nestjs/common';
import {
  actorsOf,
  type AuditActor,
} from '../../observability/audit/actor-chain.js';
import { createParameterDecorator } from '../../parameters/injected-parameter.js';
import { principalOfContext } from '../../verification/request-principal.js';

/**
 * Somebody who acts for the caller's subject.
 *
 * @publicApi
 */
export type TokenActor = AuditActor;

/**
 * Injects who acts for the caller's subject (the `act` claim), or `undefined`
 * when the subject acts itself. Only the current actor counts for decisions:
 * those before it are history.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 * @publicApi
 */
export const Actor = (): ParameterDecorator =>
  createParameterDecorator('Actor', (_data, context) => chainOf(context)?.[0]);

/**
 * Injects all who act for the caller's subject, the current one first; empty
 * when the subject acts itself.
 *
 * @publicApi
 */
export const DelegationChain = (): ParameterDecorator =>
  createParameterDecorator(
    'DelegationChain',
    (_data, context) => chainOf(context) ?? [],
  );

function chainOf(context: ExecutionContext): readonly TokenActor[] | undefined {
  return actorsOf(principalOfContext(context)?.claims['act']);
}
