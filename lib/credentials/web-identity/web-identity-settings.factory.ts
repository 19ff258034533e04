import { CredentialError } from '../credential.error.js';
import {
  isKeyAlgorithm,
  KEY_ALGORITHMS,
  type KeyAlgorithm,
} from './key-algorithm.js';
import { resolveKeyId } from './key-id.js';
import type { AssertionAudience } from './private-key-assertion.js';
import { resolveTiming, type RotationTiming } from './rotation-schedule.js';
import type { WebIdentityOptions } from './web-identity-options.interface.js';
import {
  BLANK_CLIENT_ID,
  BLANK_DIRECTORY,
  INVALID_ALGORITHM,
  INVALID_ASSERTION_AUDIENCE,
  TWO_STORES,
} from './web-identity.messages.js';

/** Options, checked and completed. */
export interface WebIdentitySettings extends Omit<
  WebIdentityOptions,
  'rotation'
> {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly assertionAudience: AssertionAudience;
  readonly regenerate: boolean;
  readonly timing: RotationTiming;
}

/** @throws CredentialError */
export function resolveSettings(
  options: WebIdentityOptions,
): WebIdentitySettings {
  const {
    rotation,
    algorithm = 'RS256',
    assertionAudience = 'token_endpoint',
    regenerate = false,
    ...rest
  } = options ?? {};
  if (rest.keyStore && rest.storageDirectory !== undefined) {
    throw new CredentialError(TWO_STORES);
  }
  assertNotBlank(rest.storageDirectory, BLANK_DIRECTORY);
  assertNotBlank(rest.clientId, BLANK_CLIENT_ID);
  if (!isKeyAlgorithm(algorithm)) {
    throw new CredentialError(INVALID_ALGORITHM(KEY_ALGORITHMS));
  }
  if (!['token_endpoint', 'issuer'].includes(assertionAudience)) {
    throw new CredentialError(INVALID_ASSERTION_AUDIENCE);
  }
  return {
    ...rest,
    keyId: resolveKeyId(rest.keyId, rest.serverName),
    algorithm,
    assertionAudience,
    regenerate,
    timing: resolveTiming(rotation),
  };
}

function assertNotBlank(value: string | undefined, message: string): void {
  if (value !== undefined && value.trim() === '') {
    throw new CredentialError(message);
  }
}
