import { CredentialError } from '../credential.error.js';
import type { TokenSourceName } from './token-source.interface.js';

/**
 * A workload identity cannot work as it is configured. Thrown when it is made.
 *
 * @publicApi
 */
export class WorkloadIdentityConfigurationError extends CredentialError {
  override readonly name = 'WorkloadIdentityConfigurationError';
  override readonly code = 'ERR_WORKLOAD_IDENTITY_CONFIGURATION';

  constructor(
    /** `undefined` when it is not about the source. */
    readonly source: TokenSourceName | undefined,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
