import { readVariable, type Environment } from '../environment-variable.js';
import { WorkloadIdentityConfigurationError } from './workload-identity-configuration.error.js';
import { NO_TOKEN_FILE } from './workload-identity.messages.js';

/** Variables that name a file with a token on EKS, in the order they are looked up. */
export const EKS_TOKEN_FILE_VARIABLES: readonly string[] = [
  'KEYCARD_EKS_WORKLOAD_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

/** The same for any platform. */
export const TOKEN_FILE_VARIABLES: readonly string[] = [
  ...EKS_TOKEN_FILE_VARIABLES,
  'AZURE_FEDERATED_TOKEN_FILE',
];

/** How a file with a token is found. */
export interface TokenFileSettings {
  readonly path?: string;
  readonly environmentVariable?: string;
  readonly environment: Environment;
  /** Looked up after `environmentVariable`. */
  readonly variables: readonly string[];
}

/** A file, and the variable that named it. */
export interface TokenFile {
  readonly path: string;
  readonly variable?: string;
}

/** @throws WorkloadIdentityConfigurationError */
export function findTokenFile(settings: TokenFileSettings): TokenFile {
  const { environment, environmentVariable, variables } = settings;
  const explicit = settings.path?.trim();
  if (explicit) return { path: explicit };
  const names = environmentVariable
    ? [environmentVariable, ...variables]
    : variables;
  for (const variable of names) {
    const path = readVariable(environment, variable);
    if (path) return { path, variable };
  }
  throw new WorkloadIdentityConfigurationError('file', NO_TOKEN_FILE(names));
}
