import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Environment } from '../environment-variable.js';
import { toPlatformToken } from './platform-token.js';
import { findTokenFile, TOKEN_FILE_VARIABLES } from './token-file.js';
import type { TokenSource } from './token-source.interface.js';
import { WorkloadIdentityConfigurationError } from './workload-identity-configuration.error.js';
import { WorkloadIdentityError } from './workload-identity.error.js';
import {
  TOKEN_FILE_LOST,
  TOKEN_FILE_UNREADABLE,
} from './workload-identity.messages.js';

/** Which file a token is in. */
export interface FileTokenSourceOptions {
  /** @default the file that an environment variable names */
  readonly path?: string;
  /** Name of a variable that is looked up before the usual ones. */
  readonly environmentVariable?: string;
  /** @default process.env */
  readonly environment?: Environment;
}

/**
 * A token the platform keeps in a file and replaces from time to time: EKS,
 * AKS, projected service account tokens, CI. Read again at every use.
 *
 * Without `path`, the first of these variables that is set names the file:
 * `KEYCARD_EKS_WORKLOAD_IDENTITY_TOKEN_FILE`,
 * `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`, `AWS_WEB_IDENTITY_TOKEN_FILE`,
 * `AZURE_FEDERATED_TOKEN_FILE`.
 *
 * @example
 * ```ts
 * new FileTokenSource({ path: '/var/run/secrets/tokens/keycard' });
 * ```
 * @see https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
 * @publicApi
 */
export class FileTokenSource implements TokenSource {
  readonly path: string;
  /** The variable that named the file, unless it was configured. */
  readonly environmentVariable?: string;

  /**
   * @param variables names of variables to look up, in order
   * @throws WorkloadIdentityConfigurationError when there is no token now
   */
  constructor(
    options: FileTokenSourceOptions = {},
    variables: readonly string[] = TOKEN_FILE_VARIABLES,
  ) {
    const { environment = process.env } = options;
    const file = findTokenFile({ ...options, environment, variables });
    this.path = file.path;
    this.environmentVariable = file.variable;
    this.check();
  }

  async identityToken(): Promise<string> {
    return toPlatformToken(await this.read(), 'file');
  }

  private async read(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (cause) {
      throw new WorkloadIdentityError('file', TOKEN_FILE_LOST, { cause });
    }
  }

  private check(): void {
    try {
      toPlatformToken(readFileSync(this.path, 'utf8'), 'file');
    } catch (cause) {
      throw new WorkloadIdentityConfigurationError(
        'file',
        TOKEN_FILE_UNREADABLE(this.path, reasonOf(cause)),
        { cause },
      );
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof WorkloadIdentityError) return error.message;
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
