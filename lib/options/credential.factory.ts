import type { ApplicationCredential } from '../credentials/application-credential.interface.js';
import { ClientSecret } from '../credentials/client-secret.credential.js';
import { KeycardConfigurationError } from './configuration.error.js';
import {
  ENVIRONMENT,
  resolveSetting,
  type Environment,
} from './environment.js';
import { HALF_A_CREDENTIAL } from './options.messages.js';

/**
 * The application's credential: as configured, or from the environment.
 *
 * @throws KeycardConfigurationError
 */
export function resolveCredential(
  explicit: ApplicationCredential | undefined,
  environment: Environment,
): ApplicationCredential | undefined {
  if (explicit) return explicit;
  const read = (names: readonly string[]) =>
    resolveSetting(undefined, names, environment);
  const clientId = read(ENVIRONMENT.clientId);
  const clientSecret = read(ENVIRONMENT.clientSecret);
  if (clientId && clientSecret) return new ClientSecret(clientId, clientSecret);
  if (!clientId && !clientSecret) return undefined;
  const [set, missing] = clientId
    ? [ENVIRONMENT.clientId[0], ENVIRONMENT.clientSecret[0]]
    : [ENVIRONMENT.clientSecret[0], ENVIRONMENT.clientId[0]];
  throw new KeycardConfigurationError(HALF_A_CREDENTIAL(set, missing));
}
