import { IntrinsicException } from '@nestjs/common';
import type { AccessError } from './access-error.interface.js';
import {
  GLOBAL_FAILURE,
  NOT_GRANTED,
  RESOURCE_FAILURE,
} from './delegation.messages.js';

/** Which of the three reasons there is for having no token. */
export type ResourceAccessErrorType =
  'global_error' | 'resource_error' | 'missing_token';

/**
 * `AccessContext.access()` found no token for the resource. Thrown out of a
 * tool, it becomes a tool error that names the resource and the code.
 *
 * @publicApi
 */
export class ResourceAccessError extends IntrinsicException {
  override readonly name = 'ResourceAccessError';
  readonly code = 'ERR_RESOURCE_ACCESS';

  constructor(
    readonly resource: string,
    readonly errorType: ResourceAccessErrorType,
    /** The failure behind it; absent when the resource was never granted. */
    readonly error: AccessError | undefined,
    /** Resources there is a token for. */
    readonly availableResources: readonly string[],
  ) {
    super(describe(resource, errorType, error, availableResources));
  }
}

function describe(
  resource: string,
  type: ResourceAccessErrorType,
  error: AccessError | undefined,
  available: readonly string[],
): string {
  if (type === 'missing_token') return NOT_GRANTED(resource, available);
  if (type === 'global_error') return GLOBAL_FAILURE(resource, error!.message);
  return RESOURCE_FAILURE(resource, error!.code ?? error!.message);
}
