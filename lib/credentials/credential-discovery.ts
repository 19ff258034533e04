import type { ApplicationCredential } from './application-credential.interface.js';
import { ClientSecret } from './client-secret.credential.js';
import { CredentialError } from './credential.error.js';
import {
  HALF_A_PAIR,
  UNKNOWN_CREDENTIAL_TYPE,
} from './credentials.messages.js';
import { readVariable, type Environment } from './environment-variable.js';
import { WebIdentity } from './web-identity/web-identity.credential.js';
import { EKSWorkloadIdentity } from './workload-identity/eks-workload-identity.credential.js';
import { FileTokenSource } from './workload-identity/file-token.source.js';
import { EKS_TOKEN_FILE_VARIABLES } from './workload-identity/token-file.js';
import { WorkloadIdentity } from './workload-identity/workload-identity.credential.js';

const CLIENT_ID = 'KEYCARD_CLIENT_ID';
const CLIENT_SECRET = 'KEYCARD_CLIENT_SECRET';
const TYPE = 'KEYCARD_APPLICATION_CREDENTIAL_TYPE';
const KEY_DIRECTORY = 'KEYCARD_WEB_IDENTITY_KEY_STORAGE_DIR';

/** What a discovered credential needs besides the environment. */
export interface CredentialDiscoveryOptions {
  /** Name of the application: a web identity keeps its keys under it. */
  readonly serverName?: string;
}

type Create = (
  environment: Environment,
  options: CredentialDiscoveryOptions,
) => ApplicationCredential;

const TYPES: Readonly<Record<string, Create>> = {
  eks_workload_identity: (environment) =>
    new EKSWorkloadIdentity({ environment }),
  web_identity: (environment, { serverName }) =>
    new WebIdentity({
      serverName,
      storageDirectory: readVariable(environment, KEY_DIRECTORY),
    }),
  workload_identity: (environment) =>
    new WorkloadIdentity(new FileTokenSource({ environment })),
};

/**
 * The credential the environment describes, the first of: client id and
 * secret; the type in `KEYCARD_APPLICATION_CREDENTIAL_TYPE`; a file with a
 * platform token. A variable that is set but blank is unset.
 *
 * @example
 * ```ts
 * const credential = discoverCredential(process.env, { serverName: 'Calendar' });
 * ```
 * @throws CredentialError when the environment contradicts itself
 * @publicApi
 */
export function discoverCredential(
  environment: Environment,
  options: CredentialDiscoveryOptions = {},
): ApplicationCredential | undefined {
  const secret = discoverSecret(environment);
  if (secret) return secret;
  const type = readVariable(environment, TYPE);
  if (type !== undefined) return creatorOf(type)(environment, options);
  const hasToken = EKS_TOKEN_FILE_VARIABLES.some((name) =>
    readVariable(environment, name),
  );
  return hasToken ? new EKSWorkloadIdentity({ environment }) : undefined;
}

function discoverSecret(environment: Environment): ClientSecret | undefined {
  const clientId = readVariable(environment, CLIENT_ID);
  const clientSecret = readVariable(environment, CLIENT_SECRET);
  if (clientId && clientSecret) return new ClientSecret(clientId, clientSecret);
  if (!clientId && !clientSecret) return undefined;
  // Going on with another credential would hide a secret that failed to mount.
  throw new CredentialError(
    clientId
      ? HALF_A_PAIR(CLIENT_ID, CLIENT_SECRET)
      : HALF_A_PAIR(CLIENT_SECRET, CLIENT_ID),
  );
}

function creatorOf(type: string): Create {
  const create = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (create) return create;
  throw new CredentialError(
    UNKNOWN_CREDENTIAL_TYPE(TYPE, type, Object.keys(TYPES)),
  );
}
