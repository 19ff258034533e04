import {
  FileTokenSource,
  type FileTokenSourceOptions,
} from './file-token.source.js';
import { EKS_TOKEN_FILE_VARIABLES } from './token-file.js';
import { WorkloadIdentity } from './workload-identity.credential.js';

/**
 * {@link WorkloadIdentity} of a pod on EKS: a token in the file that EKS, or
 * `KEYCARD_EKS_WORKLOAD_IDENTITY_TOKEN_FILE`, names. It never sends a client
 * id.
 *
 * @example
 * ```ts
 * new EKSWorkloadIdentity();
 * ```
 * @publicApi
 */
export class EKSWorkloadIdentity extends WorkloadIdentity {
  readonly path: string;
  /** The variable that named the file, unless it was configured. */
  readonly environmentVariable?: string;

  /** @throws WorkloadIdentityConfigurationError when there is no token now */
  constructor(options: FileTokenSourceOptions = {}) {
    const source = new FileTokenSource(options, EKS_TOKEN_FILE_VARIABLES);
    super(source);
    this.path = source.path;
    this.environmentVariable = source.environmentVariable;
  }
}
