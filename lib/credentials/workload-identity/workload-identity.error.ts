import { CredentialError } from '../credential.error.js';
import type { TokenSourceName } from './token-source.interface.js';

/**
 * The platform gave no token just now. Says nothing of what it did give: that
 * could be the token.
 *
 * @publicApi
 */
export class WorkloadIdentityError extends CredentialError {
  override readonly name = 'WorkloadIdentityError';
  override readonly code = 'ERR_WORKLOAD_IDENTITY';

  constructor(
    readonly source: TokenSourceName,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
