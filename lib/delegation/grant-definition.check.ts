import { hasParameter } from '../parameters/injected-parameter.js';
import { AccessContext } from './access-context.js';
import {
  GRANT_WITHOUT_ACCESS,
  GRANT_WITHOUT_CREDENTIAL,
} from './delegation.messages.js';
import { GrantDefinitionError } from './grant-definition.error.js';
import { grantsOf } from './grant.decorator.js';

/** A handler that may declare grants. */
export interface GrantingHandler {
  readonly prototype: object;
  readonly method: string;
  readonly callback: object;
  /** Class and method, for messages. */
  readonly place: string;
}

/**
 * Refuses grants whose outcome nobody receives, or that can never succeed.
 *
 * @throws GrantDefinitionError
 */
export function checkGrantDefinition(
  { prototype, method, callback, place }: GrantingHandler,
  hasCredential: boolean,
): void {
  if (grantsOf(callback).length === 0) return;
  if (!hasParameter(prototype.constructor, method, AccessContext.name)) {
    throw new GrantDefinitionError(GRANT_WITHOUT_ACCESS(place));
  }
  if (!hasCredential) {
    throw new GrantDefinitionError(GRANT_WITHOUT_CREDENTIAL(place));
  }
}
