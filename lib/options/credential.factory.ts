import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import { discoverCredential } from '../credentials/credential-discovery.js';
import type { Environment } from './environment.js';

/**
 * The application's credential: as configured, else from the environment.
 *
 * @param serverName as the user set it: the default would give every nameless
 * application in one directory the same identity
 * @throws CredentialError
 */
export function resolveCredential(
  explicit: ApplicationCredential | undefined,
  environment: Environment,
  serverName: string | undefined,
): ApplicationCredential | undefined {
  return explicit ?? discoverCredential(environment, { serverName });
}
